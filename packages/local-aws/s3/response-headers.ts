/** The headers that `response-content-type` and its like ask for. https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html */
export function responseHeaders(query: URLSearchParams): Record<string, string> {
  return Object.fromEntries(
    [...query].flatMap(([name, value]) => {
      const [, header] =
        /^response-(content-(?:type|language|disposition|encoding)|cache-control|expires)$/.exec(name) ?? [];
      return header === undefined ? [] : [[header, value]];
    }),
  );
}
