import type { Answer } from "./answer";
import type { AwsRequest } from "./aws-request";

/** A stage of an HTTP API: what API Gateway gives back is also what a stage is made from. */
type Stage = Readonly<Record<string, unknown>> & { readonly tags: Readonly<Record<string, string>> };

/**
 * Changes a stage, for which Moto has neither UpdateStage nor the tags of a stage: it answers 500, and the provider tries
 * again for many minutes. What it has is making and deleting a stage, so it makes the stage again, as it was and with the
 * change. Undefined for every other request.
 */
export async function changeStage(request: AwsRequest, motoUrl: string): Promise<Answer | undefined> {
  const url = new URL(request.url, motoUrl);
  const [, tags, stages, name] =
    /^\/v2\/(tags\/arn:[^/]+\/)?(apis\/[^/]+\/stages)\/([^/]+)$/.exec(decodeURIComponent(url.pathname)) ?? [];
  const change = CHANGES[`${request.method} ${tags === undefined ? "stage" : "tags"}`];
  if (stages === undefined || name === undefined || change === undefined) return undefined;

  const ask = async (method: string, path: string, body?: string): Promise<string> => {
    const headers = { authorization: request.headers.authorization ?? "", "content-type": "application/json" };
    const response = await fetch(new URL(`/v2/${path}`, motoUrl), { method, headers, ...(body && { body }) });
    if (response.ok) return response.text();
    throw new Error(`expected Moto to answer ${method} ${path} but it answered ${response.status}`);
  };
  const stage = `${stages}/${encodeURIComponent(name)}`;
  const changed = change(JSON.parse(await ask("GET", stage)), request, url.searchParams);
  await ask("DELETE", stage);
  return { status: 200, contentType: "application/json", body: await ask("POST", stages, JSON.stringify(changed)) };
}

// https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-stages-stagename.html
// https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/tags-resource-arn.html
const CHANGES: Readonly<Record<string, (stage: Stage, request: AwsRequest, query: URLSearchParams) => Stage>> = {
  "PATCH stage": (stage, { body }) => ({ ...stage, ...JSON.parse(body) }),
  "POST tags": (stage, { body }) => ({ ...stage, tags: { ...stage.tags, ...JSON.parse(body).tags } }),
  "DELETE tags": (stage, _request, query) => ({
    ...stage,
    tags: Object.fromEntries(Object.entries(stage.tags).filter(([key]) => !query.getAll("tagKeys").includes(key))),
  }),
};
