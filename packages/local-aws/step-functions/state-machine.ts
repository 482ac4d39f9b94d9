import { randomUUID } from "node:crypto";
import { AwsError } from "../aws-error";
import type { Authorizer } from "../iam/authorizer";
import { roleSession } from "../iam/credentials";
import { parseJson } from "../json";
import type { Invocable } from "../lambda/lambda-function";
import type { Log } from "../log";
import type { StateMachineResource } from "../stack/stack-model";
import { Execution } from "./execution";
import { guardDefinition } from "./guard";
import { invokeLambdaTask } from "./lambda-task";
import { MAX_DATA_BYTES } from "./task-runner";

/** What a state machine needs of this machine. */
export interface StateMachineHost {
  readonly functions: readonly Invocable[];
  readonly authorizer: Authorizer;
  readonly log: Log;
}

// AWS keeps finished executions for 90 days; here the last ones are enough, and memory stays flat.
const KEPT_EXECUTIONS = 500;
// https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
const EXECUTION_NAME = /^[^\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]{1,80}$/u;

/** A Standard state machine and its executions. */
export class LocalStateMachine {
  readonly createdAt = Date.now();
  readonly #executions = new Map<string, Execution>();

  /** @throws UnsupportedError for a definition the interpreter would get wrong */
  constructor(
    readonly resource: StateMachineResource,
    private readonly host: StateMachineHost,
  ) {
    guardDefinition(resource.definition, resource.address);
  }

  /** The executions, the newest first. */
  get executions(): readonly Execution[] {
    return [...this.#executions.values()].reverse();
  }

  /** The execution with an ARN, if it is still kept. */
  execution(arn: string): Execution | undefined {
    return this.#executions.get(arn.slice(arn.lastIndexOf(":") + 1));
  }

  /** StartExecution. Idempotent for a name that is running with the same input. @throws AwsError */
  start(input: string, name: string = randomUUID()): Execution {
    if (!EXECUTION_NAME.test(name)) throw new AwsError("InvalidName", 400, `Invalid Name: '${name}'`);
    refuseInput(input);
    const known = this.#executions.get(name);
    if (known !== undefined) {
      if (known.outcome === undefined && known.input === input) return known;
      throw new AwsError("ExecutionAlreadyExists", 400, `Execution Already Exists: '${known.arn}'`);
    }
    const execution = this.#begin(input, name);
    this.#executions.set(name, execution);
    this.#forgetOldest();
    return execution;
  }

  /** Gives up all executions that are still running. */
  async stopAll(): Promise<void> {
    const running = this.executions.filter((execution) => execution.outcome === undefined);
    await Promise.all(running.map((execution) => execution.stop()));
  }

  #begin(input: string, name: string): Execution {
    const { resource } = this;
    const { functions, authorizer, log } = this.host;
    const { region, accountId } = authorizer.place;
    // Step Functions would refuse to create such a machine; here it is the first call that tells.
    authorizer.assumeRole(resource.role, "states.amazonaws.com", {
      "aws:sourceaccount": accountId,
      "aws:sourcearn": resource.arn,
    });
    const arn = `${resource.arn.replace(":stateMachine:", ":execution:")}:${name}`;
    const principal = roleSession(resource.role, accountId, name);
    return new Execution({
      arn,
      name,
      input,
      region,
      roleArn: resource.role.arn,
      definition: resource.definition,
      context: {
        Execution: { Id: arn, Name: name, RoleArn: resource.role.arn },
        StateMachine: { Id: resource.arn, Name: resource.name },
      },
      runTask: (parameters) => invokeLambdaTask(parameters, principal, functions, authorizer),
      log: (line) => log("states", line),
    });
  }

  #forgetOldest(): void {
    if (this.#executions.size <= KEPT_EXECUTIONS) return;
    for (const [name, { outcome }] of this.#executions) {
      if (outcome === undefined) continue;
      this.#executions.delete(name);
      return;
    }
  }
}

function refuseInput(input: string): void {
  const refuse = (reason: string) =>
    new AwsError("InvalidExecutionInput", 400, `Invalid State Machine Execution Input: '${reason}'`);
  const bytes = Buffer.byteLength(input);
  if (bytes > MAX_DATA_BYTES) throw refuse(`expected at most ${MAX_DATA_BYTES} bytes but received ${bytes}`);
  try {
    parseJson(input);
  } catch (error) {
    throw refuse(error instanceof Error ? error.message : String(error));
  }
}
