import { useLayoutEffect, useState } from "preact/hooks";
import { hrefOf, parseRoute, type Route } from "./route";

/** What the address of the page says. */
export function useRoute(): Route {
  const [route, setRoute] = useState(() => parseRoute(location.hash));
  useLayoutEffect(() => {
    const follow = () => setRoute(parseRoute(location.hash));
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, []);
  return route;
}

/** Shows something else. */
export function goTo(route: Route): void {
  location.hash = hrefOf(route);
}
