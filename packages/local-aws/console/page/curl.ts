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

/** The command that starts an execution with the same input by the API. */
export function postCommand({ apiUrl }: StackInfo, input: string): string {
  return [`curl ${quoted(`${apiUrl}/process`)}`, "-H 'content-type: application/json'", `-d ${quoted(input)}`].join(
    " \\\n  ",
  );
}

const pathOf = (key: string): string => key.split("/").map(encodeURIComponent).join("/");

/** As one word of a POSIX shell, whatever is in it. */
export function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
