// https://docs.aws.amazon.com/lambda/latest/api/API_Operations.html
const ACTIONS: Readonly<Record<string, string>> = {
  "POST functions": "CreateFunction",
  "GET functions/x": "GetFunction",
  "DELETE functions/x": "DeleteFunction",
  "GET functions/x/versions": "ListVersionsByFunction",
  "GET functions/x/code-signing-config": "GetFunctionCodeSigningConfig",
  "GET functions/x/configuration": "GetFunctionConfiguration",
  "PUT functions/x/configuration": "UpdateFunctionConfiguration",
  "PUT functions/x/code": "UpdateFunctionCode",
  "PUT functions/x/concurrency": "PutFunctionConcurrency",
  "DELETE functions/x/concurrency": "DeleteFunctionConcurrency",
  "POST layers/x/versions": "PublishLayerVersion",
  "GET layers/x/versions/x": "GetLayerVersion",
  "DELETE layers/x/versions/x": "DeleteLayerVersion",
};

/** The IAM action of a Lambda request and the resource it is about, without the ARN before it; undefined when unknown. */
export function lambdaAction(
  method: string,
  path: string,
  functionName: unknown,
): { readonly action: string; readonly resource: string } | undefined {
  const [, kind = "", name = functionName, what, version] =
    /^\/[\d-]+\/(functions|layers)(?:\/([^/]+))?(?:\/([^/]+))?(?:\/([^/]+))?\/?$/.exec(path) ?? [];
  const shape = [kind, path.includes(`/${name}`) && "x", what, version && "x"].filter(Boolean).join("/");
  const action = ACTIONS[`${method} ${shape}`];
  const resource = [kind.slice(0, -1), name, version].filter(Boolean).join(":");
  return action === undefined ? undefined : { action: `lambda:${action}`, resource };
}
