import type { Principal } from "@image-pipeline/iam-policy";
import { AwsError } from "../aws-error";
import type { Authorizer } from "../iam/authorizer";
import type { JsonObject } from "../json";
import { executionOperations } from "./execution-operations";
import { machineOperations } from "./machine-operations";
import { mapRunOperations } from "./map-run-operations";
import { type Operation, Requests } from "./requests";
import type { LocalStateMachine } from "./state-machine";

/** The operations of Step Functions that this machine serves, as AWS JSON 1.0 names them. */
export class StepFunctionsOperations {
  readonly #operations: Readonly<Record<string, Operation>>;

  constructor(machines: readonly LocalStateMachine[], authorizer: Authorizer) {
    const requests = new Requests(machines, authorizer);
    this.#operations = {
      ...executionOperations(requests),
      ...machineOperations(requests),
      ...mapRunOperations(requests),
    };
  }

  /** By their names on AWS. */
  get served(): readonly string[] {
    return Object.keys(this.#operations);
  }

  /** @throws AwsError as Step Functions would answer */
  call(operation: string, input: JsonObject, principal: Principal): Promise<object> {
    const run = this.#operations[operation];
    if (run === undefined) {
      throw new AwsError(
        "UnknownOperationException",
        400,
        `The local runner does not serve ${operation}; of Step Functions it serves ${this.served.join(", ")}`,
      );
    }
    return run(input, principal);
  }
}
