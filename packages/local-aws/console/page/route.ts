/** What the page shows. */
export type Route =
  | { readonly view: "executions"; readonly machine?: string; readonly name?: string }
  | { readonly view: "buckets"; readonly bucket?: string; readonly key?: string }
  | { readonly view: "workshop"; readonly key?: string }
  | { readonly view: "map-runs" }
  | { readonly view: "log"; readonly of?: "decisions" };

/** What each view is called. */
export const VIEW_NAMES: Readonly<Record<Route["view"], string>> = {
  executions: "Executions",
  buckets: "Buckets",
  workshop: "Workshop",
  "map-runs": "Map runs",
  log: "Log",
};

/** What the window is called while it shows something. */
export function titleOf(route: Route, stackName: string): string {
  const chosen = "key" in route ? route.key : "name" in route ? route.name : undefined;
  return [chosen, VIEW_NAMES[route.view], stackName].filter((part) => part !== undefined).join(" - ");
}

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
    case "workshop": {
      const key = [first, ...rest].join("/");
      return { view, ...(key && { key }) };
    }
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
  const written = partsOf(route)
    .filter((part) => part !== undefined)
    .map(encodeURIComponent);
  return `#/${[route.view, ...written].join("/")}`;
}

function partsOf(route: Route): readonly (string | undefined)[] {
  switch (route.view) {
    case "executions":
      return [route.machine, route.name];
    case "buckets":
      return [route.bucket, ...(route.key?.split("/") ?? [])];
    case "workshop":
      return route.key?.split("/") ?? [];
    case "log":
      return [route.of];
    default:
      return [];
  }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
