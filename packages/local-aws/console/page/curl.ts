import type { StackInfo } from "../wire";

/** The command that uploads a file as the page has done it, by S3's own door. */
export function uploadCommand(stack: StackInfo, bucket: string, key: string): string {
  const user = `${stack.accessKeyId}:${stack.secretAccessKey}`;
  const url = `${stack.awsUrl}/${bucket}/${pathOf(key)}`;
  return [
    `curl -T ${quoted(key.slice(key.lastIndexOf("/") + 1))}`,
    `--aws-sigv4 "aws:amz:${stack.region}:s3" --user ${quoted(user)}`,
    quoted(url),
  ].join(" \\\n  ");
}

/** The command that reads an object. */
export function readCommand(stack: StackInfo, bucket: string, key: string): string {
  const user = `${stack.accessKeyId}:${stack.secretAccessKey}`;
  return [
    `curl -o ${quoted(key.slice(key.lastIndexOf("/") + 1))}`,
    `--aws-sigv4 "aws:amz:${stack.region}:s3" --user ${quoted(user)}`,
    quoted(`${stack.awsUrl}/${bucket}/${pathOf(key)}`),
  ].join(" \\\n  ");
}

/** The command that starts an execution with the same input by the API, signed or with a token where it asks for that. */
export function postCommand(stack: StackInfo, input: string): string {
  const { apiUrl, apiAuth, region, accessKeyId, secretAccessKey } = stack;
  return [
    `curl ${quoted(`${apiUrl}/process`)}`,
    ...(apiAuth === "iam"
      ? [`--aws-sigv4 "aws:amz:${region}:execute-api" --user ${quoted(`${accessKeyId}:${secretAccessKey}`)}`]
      : []),
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

const pathOf = (key: string): string => key.split("/").map(encodeURIComponent).join("/");

/** As one word of a POSIX shell, whatever is in it. */
export function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
