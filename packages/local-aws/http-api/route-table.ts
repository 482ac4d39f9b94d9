import { UnsupportedError } from "../unsupported-error";
import { parseRouteKey, type RouteKey, type Segment } from "./route-key";

/** What a request matched, and what the variables of its route stand for. */
export interface Match<Target> {
  readonly target: Target;
  readonly pathParameters: Readonly<Record<string, string>>;
}

type Entry<Target> = Pick<RouteKey, "segments" | "rank"> & { readonly target: Target };

/** The routes of an API by method, the most specific first, whatever their order in the stack. */
export class RouteTable<Target extends { readonly address: string; readonly routeKey: string }> {
  readonly #byMethod = new Map<string, Entry<Target>[]>();

  /** @throws UnsupportedError for routes that match the same requests */
  constructor(targets: readonly Target[]) {
    const shapes = new Map<string, string>();
    for (const target of targets) {
      const { methods, shape, ...key } = parseRouteKey(target.routeKey, target.address);
      const twin = shapes.get(shape);
      if (twin !== undefined)
        throw new UnsupportedError(target.address, `"${target.routeKey}" matches the same requests as ${twin}`);
      shapes.set(shape, target.address);
      for (const method of methods)
        this.#byMethod.set(method, [...(this.#byMethod.get(method) ?? []), { ...key, target }]);
    }
    for (const entries of this.#byMethod.values()) entries.sort((one, other) => one.rank.localeCompare(other.rank));
  }

  find(method: string, path: string): Match<Target> | undefined {
    const parts = path.split("/").slice(1);
    for (const { segments, target } of this.#byMethod.get(method) ?? []) {
      const pathParameters = segments ? match(segments, parts) : {};
      if (pathParameters) return { target, pathParameters };
    }
    return undefined;
  }
}

function match(segments: readonly Segment[], parts: readonly string[]): Record<string, string> | undefined {
  const isGreedy = segments.at(-1)?.kind === "greedy";
  if (isGreedy ? parts.length < segments.length : parts.length !== segments.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, { kind, name }] of segments.entries()) {
    const value = kind === "greedy" ? parts.slice(index).join("/") : parts[index];
    if (value === undefined || (kind === "text" ? value !== name : value === "")) return undefined;
    if (kind !== "text") parameters[name] = decoded(value);
  }
  return parameters;
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
