import { UnsupportedError } from "../stack-model/unsupported-error";

/** A route key in Hono's terms. `{id}` becomes `:id`, `{proxy+}` the rest of the path. */
export function routePath(routeKey: string, address: string): { readonly method: string[]; readonly path: string } {
  if (routeKey === "$default") return { method: METHODS, path: "/*" };
  const [, method, path] = /^([A-Z]+) (\/\S*)$/.exec(routeKey) ?? [];
  if (method === undefined || path === undefined || !(method === "ANY" || METHODS.includes(method))) {
    throw new UnsupportedError(address, `expected a route key such as "POST /path" but received "${routeKey}"`);
  }
  const converted = path.replace(/\{([A-Za-z0-9_]+)\+\}/g, ":$1{.+}").replace(/\{([A-Za-z0-9_]+)\}/g, ":$1");
  return { method: method === "ANY" ? METHODS : [method], path: converted };
}

/**
 * "API Gateway selects the route with the most-specific match": a full match, then a greedy path variable, then $default.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 */
export function specificity(routeKey: string): number {
  if (routeKey === "$default") return 0;
  const shape = routeKey.includes("+}") ? 1 : routeKey.includes("{") ? 3 : 5;
  return routeKey.startsWith("ANY ") ? shape : shape + 1;
}

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
