import { DefinitionFault, parseMachine, variableReferences } from "@image-pipeline/state-machine";
import { AwsError } from "../aws-error";
import { isJsonObject, type Json, parseJson } from "../json";
import { optional, pageOf } from "./request-fields";
import type { Operation, Requests } from "./requests";
import type { LocalStateMachine } from "./state-machine";
import { unrecognizedToken } from "./unrecognized-token";

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
  const references = variableReferences(resource.definition);
  return {
    stateMachineArn: resource.arn,
    name: resource.name,
    definition: JSON.stringify(resource.definition),
    roleArn: resource.role.arn,
    loggingConfiguration: { level: resource.logged ? "ALL" : "OFF", includeExecutionData: resource.logsData },
    tracingConfiguration: { enabled: resource.traced },
    encryptionConfiguration: { type: "AWS_OWNED_KEY" },
    ...(Object.keys(references).length > 0 && { variableReferences: references }),
  };
}

/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinitionDiagnostic.html */
function faultsOf(text: string): readonly object[] {
  let definition: Json;
  try {
    definition = text === "" ? null : parseJson(text);
  } catch (error) {
    return [{ severity: "ERROR", code: "INVALID_JSON_DESCRIPTION", ...describeNoJson(text, error) }];
  }
  if (!isJsonObject(definition)) {
    const message = "Definition must be a valid JSON object";
    return [{ severity: "ERROR", code: "SCHEMA_VALIDATION_FAILED", message }];
  }
  try {
    parseMachine(definition);
    return [];
  } catch (error) {
    if (!(error instanceof DefinitionFault)) throw error;
    const { code, what, location } = error;
    const place = location === undefined ? {} : { location: location === "" ? "/" : location };
    return [{ severity: "ERROR", code, message: what, ...place }];
  }
}

/** A word that is no JSON is told with the place behind it. */
function describeNoJson(text: string, error: unknown): { readonly message: string; readonly location?: string } {
  const token = unrecognizedToken(text);
  if (token === undefined) return { message: error instanceof Error ? error.message : String(error) };
  const lines = token.before.split("\n");
  const column = (lines.at(-1)?.length ?? 0) + 1;
  const location = `[Source: (String)"${text}"; line: ${lines.length}, column: ${column}]`;
  return { message: `${token.message}\n at ${location}`, location };
}
