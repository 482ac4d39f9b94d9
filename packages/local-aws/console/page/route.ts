/** What the page shows. */
export type Route =
  | { readonly view: "executions"; readonly machine?: string; readonly name?: string }
  | { readonly view: "buckets"; readonly bucket?: string; readonly key?: string }
  | { readonly view: "map-runs" }
  | { readonly view: "log"; readonly of?: "decisions" };

/** Reads the part of the address behind `#`. */
export function parseRoute(hash: string): Route {
  const [view, first, ...rest] = hash
    .replace(/^#?\/?/, "")
    .split("/")
    .map(decoded);
  const second = rest.length > 0 ? rest.join("/") : undefined;
  switch (view) {
    case "buckets":
      return { view, ...(first && { bucket: first }), ...(second && { key: second }) };
    case "map-runs":
      return { view };
    case "log":
      return { view, ...(first === "decisions" && { of: first }) };
    default:
      return { view: "executions", ...(first && second && { machine: first, name: second }) };
  }
}

/** The address of what is shown, as `parseRoute` reads it. */
export function hrefOf(route: Route): string {
  const parts =
    route.view === "executions"
      ? [route.machine, route.name]
      : route.view === "buckets"
        ? [route.bucket, ...(route.key?.split("/") ?? [])]
        : route.view === "log"
          ? [route.of]
          : [];
  const written = parts.filter((part) => part !== undefined).map(encodeURIComponent);
  return `#/${[route.view, ...written].join("/")}`;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
