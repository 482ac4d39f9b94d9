// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudfront.html
const KINDS: Readonly<Record<string, string>> = {
  distribution: "Distribution",
  "origin-access-control": "OriginAccessControl",
  "response-headers-policy": "ResponseHeadersPolicy",
};
const VERBS: Readonly<Record<string, string>> = { POST: "Create", GET: "Get", PUT: "Update", DELETE: "Delete" };

/** What a CloudFront request asks of IAM, each as an action and a resource; undefined when it is not understood. */
export function cloudFrontQuestions(
  method: string,
  url: string,
  accountId: string,
): readonly (readonly [action: string, resource: string])[] | undefined {
  const { pathname, searchParams } = new URL(url, "http://cloudfront");
  const [, , kind = "", id] = pathname.split("/");
  if (kind === "tagging") {
    const action = method === "GET" ? "ListTagsForResource" : `${searchParams.get("Operation")}Resource`;
    // Moto leaves the empty region out of the ARN of a distribution.
    const resource = (searchParams.get("Resource") ?? "").replace(/^(arn:aws:cloudfront):(\d)/, "$1::$2");
    return [[`cloudfront:${action}`, resource]];
  }
  const [noun, verb] = [KINDS[kind], VERBS[method]];
  if (noun === undefined || verb === undefined || (verb === "Create") !== (id === undefined)) return undefined;
  // The id of what is made is CloudFront's to choose.
  const resource = `arn:aws:cloudfront::${accountId}:${kind}/${id ?? "NEW"}`;
  const made = [`cloudfront:${verb}${noun}`, resource] as const;
  return searchParams.has("WithTags") ? [made, ["cloudfront:TagResource", resource]] : [made];
}
