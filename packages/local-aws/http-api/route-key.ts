import { UnsupportedError } from "../unsupported-error";

/** One part of a path between slashes: text to be met as it is, or a variable that takes one part or all that are left. */
export interface Segment {
  readonly kind: "text" | "variable" | "greedy";
  readonly name: string;
}

/** A route key such as `POST /pictures/{id}`, taken apart. */
export interface RouteKey {
  readonly methods: readonly string[];
  /** Undefined for `$default`, which takes every path. */
  readonly segments?: readonly Segment[];
  /** Of all routes that match a request, API Gateway takes the one that sorts first by this. */
  readonly rank: string;
  /** Routes of one shape match the same requests. */
  readonly shape: string;
}

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

/** @throws UnsupportedError for what is no route key of API Gateway */
export function parseRouteKey(routeKey: string, address: string): RouteKey {
  if (routeKey === "$default") return { methods: METHODS, rank: "2", shape: routeKey };
  const [, method = "", path] = /^([A-Z]+) \/(\S*)$/.exec(routeKey) ?? [];
  const methods = method === "ANY" ? METHODS : METHODS.filter((known) => known === method);
  if (path === undefined || methods.length === 0) {
    throw new UnsupportedError(address, `expected a route key such as "POST /path" but received "${routeKey}"`);
  }
  const segments = path.split("/").map((part, index, parts) => parseSegment(part, index === parts.length - 1, address));
  const variables = segments.filter(({ kind }) => kind !== "text").map(({ name }) => name);
  if (new Set(variables).size < variables.length)
    throw new UnsupportedError(address, `expected different variables in the route key "${routeKey}"`);
  const shape = segments.map(({ kind, name }) => (kind === "text" ? name : `{${kind}}`)).join("/");
  return { methods, segments, rank: rank(method, segments), shape: `${method} /${shape}` };
}

function parseSegment(part: string, isLast: boolean, address: string): Segment {
  if (/^[A-Za-z0-9._~:-]+$/.test(part) || (part === "" && isLast)) return { kind: "text", name: part };
  const [, name, plus] = /^\{([A-Za-z0-9_]+)(\+?)\}$/.exec(part) ?? [];
  if (name !== undefined && plus === "") return { kind: "variable", name };
  if (name !== undefined && isLast) return { kind: "greedy", name };
  throw new UnsupportedError(
    address,
    `expected text, {variable} or, at the end, {variable+} between the slashes of a route key but received "${part}"`,
  );
}

/**
 * "API Gateway selects the route with the most-specific match": a full match, then a greedy path variable, then
 * $default. Of two alike, the first part that differs decides; ANY comes after a method.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 */
function rank(method: string, segments: readonly Segment[]): string {
  const kinds = segments.map(({ kind }) => ["text", "variable", "greedy"].indexOf(kind)).join("");
  return `${kinds.endsWith("2") ? 1 : 0}${kinds}${method === "ANY" ? 1 : 0}`;
}
