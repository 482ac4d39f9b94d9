import { AwsError } from "../aws-error";

const HEADER = /^response-(content-(?:type|language|disposition|encoding)|cache-control|expires)$/;

/**
 * The headers that `response-content-type` and its like ask for: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 * @throws AwsError InvalidArgument for what no header can hold
 */
export function responseHeaders(query: URLSearchParams): Record<string, string> {
  return Object.fromEntries(
    [...query].flatMap(([name, value]) => {
      const [, header] = HEADER.exec(name) ?? [];
      if (header === undefined) return [];
      // Control characters would end the header, and what is behind Latin-1 has no byte.
      if (/[^\t\x20-\x7e\xa0-\xff]/.test(value))
        throw new AwsError("InvalidArgument", 400, "Header value cannot be represented using ISO-8859-1.");
      return [[header, value]];
    }),
  );
}
