import { DefinitionFault, parseMachine } from "@image-pipeline/state-machine";
import { AwsError } from "../aws-error";
import { type Json, parseJson } from "../json";
import { optional, pageOf } from "./request-fields";
import type { Operation, Requests } from "./requests";
import type { LocalStateMachine } from "./state-machine";

/** The longest token of ListStateMachines, which is another than elsewhere. */
const MAX_TOKEN = 1024;

/** The operations on state machines. */
export function machineOperations(requests: Requests): Readonly<Record<string, Operation>> {
  return {
    async DescribeStateMachine(input, principal) {
      const machine = requests.machine(input, principal, "states:DescribeStateMachine");
      return {
        ...description(machine),
        status: "ACTIVE",
        type: "STANDARD",
        creationDate: machine.createdAt / 1000,
      };
    },

    async DescribeStateMachineForExecution(input, principal) {
      const action = "states:DescribeStateMachineForExecution";
      const { machine, execution, label } = requests.execution(input, principal, action);
      const { mapRunArn } = execution;
      return {
        ...description(machine),
        updateDate: machine.createdAt / 1000,
        ...(mapRunArn !== undefined && { mapRunArn }),
        ...(label !== undefined && { label }),
      };
    },

    async ListStateMachines(input, principal) {
      requests.authorizer.require(principal, "states:ListStateMachines", "*");
      const all = requests.machines.map(({ resource, createdAt }) => ({
        stateMachineArn: resource.arn,
        name: resource.name,
        type: "STANDARD",
        creationDate: createdAt / 1000,
      }));
      return pageOf(all, input, "stateMachines", MAX_TOKEN);
    },

    async ValidateStateMachineDefinition(input, principal) {
      requests.authorizer.require(principal, "states:ValidateStateMachineDefinition", "*");
      const text = optional(input, "definition");
      if (text === undefined) throw new AwsError("ValidationException", 400, "Expected a definition");
      const diagnostics = faultsOf(text);
      return { result: diagnostics.length === 0 ? "OK" : "FAIL", diagnostics, truncated: false };
    },
  };
}

function description({ resource }: LocalStateMachine) {
  return {
    stateMachineArn: resource.arn,
    name: resource.name,
    definition: JSON.stringify(resource.definition),
    roleArn: resource.role.arn,
    loggingConfiguration: { level: resource.logged ? "ALL" : "OFF", includeExecutionData: resource.logsData },
    tracingConfiguration: { enabled: resource.traced },
  };
}

/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinitionDiagnostic.html */
function faultsOf(text: string): readonly object[] {
  let definition: Json;
  try {
    definition = parseJson(text);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return [{ severity: "ERROR", code: "INVALID_JSON_DESCRIPTION", message }];
  }
  try {
    parseMachine(definition);
    return [];
  } catch (error) {
    if (!(error instanceof DefinitionFault)) throw error;
    const { code, what, location } = error;
    return [{ severity: "ERROR", code, message: what, location: location === "" ? "/" : location }];
  }
}
