import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { isJsonObject, type Json, type JsonObject, parseJson } from "../json";
import { UnsupportedError } from "../unsupported-error";
import { readApis } from "./read-apis";
import { readDistributions } from "./read-distributions";
import { readEventRules } from "./read-event-rules";
import { readFunctionPermissions } from "./read-function-permissions";
import { readFunctions } from "./read-functions";
import { readObjects } from "./read-objects";
import { readRoles } from "./read-roles";
import { readStateMachines } from "./read-state-machines";
import { readBuckets, readQueues } from "./read-storage";
import { readTopics } from "./read-topics";
import { resolveReferences } from "./references";
import type { Place } from "./resource-types";
import { Resources } from "./resources";
import type { StackModel } from "./stack-model";
import { refuseTwins } from "./twins";

/** Where this machine answers for API Gateway and for the other services. */
export type Endpoints = Pick<Place, "apiUrl" | "awsUrl">;

/** Reads a synthesized stack. @throws Error in one line when the file is missing or no JSON, UnsupportedError otherwise */
export async function loadStack(path: string, endpoints: Endpoints): Promise<StackModel> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    throw new Error(`Expected a synthesized stack at ${path}: ${error instanceof Error ? error.message : error}`);
  }
  let json: Json;
  try {
    json = parseJson(text);
  } catch (error) {
    throw new Error(`Expected JSON in ${path}: ${error instanceof Error ? error.message : error}`);
  }
  if (!isJsonObject(json)) throw new Error(`Expected a JSON object in ${path}`);
  return readStack(json, dirname(path), endpoints);
}

/** Turns the synthesized JSON of a stack into typed resources with all references resolved. */
export function readStack(json: JsonObject, stackFolder: string, endpoints: Endpoints): StackModel {
  for (const block of Object.keys(json)) {
    if (!["//", "data", "output", "provider", "resource", "terraform"].includes(block)) {
      throw new UnsupportedError(block, "the local runner does not understand this kind of block");
    }
  }
  const place: Place = { ...readProvider(json), ...endpoints };
  const resources = new Resources(objectAt(json, "resource"), objectAt(json, "data"), place);
  refuseTwins(resources);
  const roles = readRoles(resources, stackFolder);
  const functions = readFunctions(resources, roles, stackFolder);
  const buckets = readBuckets(resources);
  const permissions = readFunctionPermissions(resources, functions);
  return {
    name: stackName(json),
    region: place.region,
    accountId: place.accountId,
    buckets,
    functions,
    stateMachines: readStateMachines(resources, roles),
    apis: readApis(
      resources,
      roles,
      functions.map(({ arn }) => {
        const policy = permissions.get(arn);
        return { arn, ...(policy && { policy }) };
      }),
    ),
    rules: readEventRules(resources, roles),
    queues: readQueues(resources),
    topics: readTopics(resources),
    objects: readObjects(resources, buckets),
    distributions: readDistributions(resources, buckets),
    outputs: readOutputs(objectAt(json, "output"), resources),
  };
}

function readProvider(json: JsonObject): Pick<Place, "region" | "accountId"> {
  const { aws, ...others } = objectAt(json, "provider");
  const [other] = Object.keys(others);
  if (other !== undefined)
    throw new UnsupportedError(`provider.${other}`, "the local runner knows only the AWS provider");
  const [provider, second] = Array.isArray(aws) ? aws : [aws ?? null];
  if (!isJsonObject(provider) || second !== undefined)
    throw new UnsupportedError("provider.aws", "expected one AWS provider");
  const { region, allowed_account_ids: accounts } = provider;
  const accountId = Array.isArray(accounts) ? accounts[0] : undefined;
  if (typeof region !== "string") throw new UnsupportedError("provider.aws", "expected a region");
  if (typeof accountId !== "string") throw new UnsupportedError("provider.aws", "expected allowed_account_ids");
  return { region, accountId };
}

function readOutputs(outputs: JsonObject, resources: Resources): JsonObject {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, output]) => {
      if (!isJsonObject(output) || output.value === undefined)
        throw new UnsupportedError(`output.${name}`, "expected a value");
      return [name, resolveReferences(output.value, `output.${name}`, resources.lookup)];
    }),
  );
}

function stackName(json: JsonObject): string {
  const comment = json["//"];
  const metadata = isJsonObject(comment) ? comment.metadata : undefined;
  const name = isJsonObject(metadata) ? metadata.stackName : undefined;
  if (typeof name !== "string") throw new UnsupportedError("//.metadata", "expected the stackName that CDKTF writes");
  return name;
}

function objectAt(json: JsonObject, name: string): JsonObject {
  const value = json[name] ?? {};
  if (!isJsonObject(value)) throw new UnsupportedError(name, "expected an object");
  return value;
}
