import type { StackInfo } from "../wire";
import { command } from "./commands";
import { hrefOf, type Route, VIEW_NAMES } from "./route";
import { ThemeSwitch } from "./theme-switch";
import { useConnected } from "./use-live";

const VIEWS = ["executions", "buckets", "workshop", "map-runs", "log"] as const;

/** Which stack this is, and the way to each view. */
export function Heading({ stack, route }: { readonly stack: StackInfo; readonly route: Route }) {
  const connected = useConnected();
  return (
    <header class="heading">
      <a class="name" href="#/executions">
        <img src="/icon.svg" alt="" width="22" height="22" />
        <span>{stack.name}</span>
      </a>
      <nav aria-label="Views">
        {VIEWS.filter((view) => view !== "workshop" || stack.presets !== undefined).map((view) => (
          <a key={view} href={hrefOf({ view })} {...(route.view === view && { "aria-current": "page" as const })}>
            {VIEW_NAMES[view]}
          </a>
        ))}
      </nav>
      <p class={connected ? "connection" : "connection lost"} role="status">
        {connected ? "live" : "not connected"}
      </p>
      <ThemeSwitch />
      <button type="button" class="plain" aria-haspopup="dialog" onClick={() => command("shortcuts")}>
        <kbd>?</kbd>
        <span class="unseen"> Keyboard shortcuts</span>
      </button>
    </header>
  );
}
