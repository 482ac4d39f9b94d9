import { keyPath } from "../key-path";
import type { StackInfo } from "../wire";
import { lastPart } from "./format";

/** The command that uploads a file as the page has done it, by S3's own door. */
export function uploadCommand(stack: StackInfo, bucket: string, key: string): string {
  return objectCommand("-T", stack, bucket, key);
}

/** The command that reads an object. */
export function readCommand(stack: StackInfo, bucket: string, key: string): string {
  return objectCommand("-o", stack, bucket, key);
}

function objectCommand(direction: "-T" | "-o", stack: StackInfo, bucket: string, key: string): string {
  return [
    `curl ${direction} ${quoted(lastPart(key, "/"))}`,
    signedBy(stack, "s3"),
    quoted(`${stack.awsUrl}/${bucket}/${keyPath(key)}`),
  ].join(" \\\n  ");
}

function signedBy({ region, accessKeyId, secretAccessKey }: StackInfo, service: "s3" | "execute-api"): string {
  return `--aws-sigv4 "aws:amz:${region}:${service}" --user ${quoted(`${accessKeyId}:${secretAccessKey}`)}`;
}

/** The command that starts an execution with the same input by the API, signed or with a token where it asks for that. */
export function postCommand(stack: StackInfo, input: string): string {
  const { apiUrl, apiAuth } = stack;
  return [
    `curl ${quoted(`${apiUrl}/process`)}`,
    ...(apiAuth === "iam" ? [signedBy(stack, "execute-api")] : []),
    ...(apiAuth === "jwt" ? ['-H "authorization: Bearer $TOKEN"'] : []),
    "-H 'content-type: application/json'",
    `-d ${quoted(input)}`,
  ].join(" \\\n  ");
}

/** The command that starts an execution of any machine with the same input. */
export function startCommand({ awsUrl, region }: StackInfo, executionArn: string, input: string): string {
  const machineArn = executionArn.slice(0, executionArn.lastIndexOf(":")).replace(":execution:", ":stateMachine:");
  return [
    `aws stepfunctions start-execution --endpoint-url ${quoted(awsUrl)} --region ${region}`,
    `--state-machine-arn ${quoted(machineArn)}`,
    `--input ${quoted(input)}`,
  ].join(" \\\n  ");
}

/** As one word of a POSIX shell, whatever is in it. */
export function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
