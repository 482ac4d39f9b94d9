import type { Principal } from "@image-pipeline/iam-policy";
import type { Child, MapRun } from "@image-pipeline/state-machine";
import { AwsError } from "../aws-error";
import type { Authorizer } from "../iam/authorizer";
import type { JsonObject } from "../json";
import { arnOf } from "./request-fields";
import type { LocalStateMachine } from "./state-machine";

/** One operation of Step Functions. */
export type Operation = (input: JsonObject, principal: Principal) => Promise<object>;

/** What a request names: asks IAM about it and finds it. */
export class Requests {
  constructor(
    readonly machines: readonly LocalStateMachine[],
    readonly authorizer: Authorizer,
  ) {}

  /** The machine under `stateMachineArn`. @throws AwsError when it may not be used so, or is not there */
  machine(input: JsonObject, principal: Principal, action: string): LocalStateMachine {
    const arn = arnOf(input, "stateMachineArn");
    this.authorizer.require(principal, action, arn);
    const machine = this.machines.find(({ resource }) => resource.arn === arn);
    if (machine !== undefined) return machine;
    throw new AwsError("StateMachineDoesNotExist", 400, `State Machine Does Not Exist: '${arn}'`);
  }

  /** The execution under `executionArn`, or the child of a Map run. @throws AwsError */
  execution(input: JsonObject, principal: Principal, action: string) {
    const arn = arnOf(input, "executionArn");
    this.authorizer.require(principal, action, arn);
    const [, machineArn = "", label, name = ""] = /^(.*:execution:[^:/]+)(?:\/([^:]+))?:([^:]+)$/.exec(arn) ?? [];
    const machine = this.machines.find(
      ({ resource }) => resource.arn === machineArn.replace(":execution:", ":stateMachine:"),
    );
    const execution = label === undefined ? machine?.execution(arn) : childOf(machine?.mapRuns ?? [], arn, name);
    if (machine !== undefined && execution !== undefined) return { machine, execution, label };
    throw new AwsError("ExecutionDoesNotExist", 400, `Execution Does Not Exist: '${arn}'`);
  }

  /** The Map run under `mapRunArn`. @throws AwsError */
  mapRun(input: JsonObject, principal: Principal, action: string) {
    const arn = arnOf(input, "mapRunArn");
    this.authorizer.require(principal, action, arn);
    for (const machine of this.machines) {
      const run = machine.mapRun(arn);
      if (run !== undefined) return { machine, run };
    }
    throw new AwsError("ResourceNotFound", 400, `Resource not found: '${arn}'`);
  }
}

function childOf(runs: readonly MapRun[], arn: string, name: string): Child | undefined {
  for (const run of runs) {
    const child = run.child(name);
    // Nobody can describe an Express execution.
    if (child?.arn === arn && run.childType === "STANDARD") return child;
  }
  return undefined;
}
