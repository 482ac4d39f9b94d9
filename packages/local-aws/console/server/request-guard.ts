import type { IncomingMessage } from "node:http";

/** Why a request is not answered. */
export interface Refusal {
  readonly status: 403 | 421;
  readonly message: string;
}

const READS: ReadonlySet<string> = new Set(["GET", "HEAD"]);

const NAMES = ["127.0.0.1", "localhost"];

/** Browsers leave it out of Host and Origin. */
const HTTP_PORT = 80;

/**
 * Refuses what a page of somebody else could make a browser send: a name of its own that leads to this machine (DNS
 * rebinding) shows in Host, a request from another site in Origin and Sec-Fetch-Site. What changes something has to say
 * where it comes from. https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html
 */
export function refusal(
  { method = "GET", headers }: Pick<IncomingMessage, "method" | "headers">,
  port: number,
): Refusal | undefined {
  const hosts = NAMES.flatMap((name) => (port === HTTP_PORT ? [name, `${name}:${port}`] : [`${name}:${port}`]));
  const { host, origin, "sec-fetch-site": site, "sec-fetch-mode": mode } = headers;
  if (host === undefined || !hosts.includes(host)) {
    return { status: 421, message: `Expected one of ${hosts.join(", ")} for Host but received ${host ?? "none"}` };
  }
  if (origin !== undefined && origin !== `http://${host}`) {
    return { status: 403, message: `Expected http://${host} for Origin but received ${origin}` };
  }
  const reads = READS.has(method);
  // A link on another page may lead here: that shows the page, and tells the other one nothing.
  const sameSite = site === undefined || site === "same-origin" || site === "none" || (reads && mode === "navigate");
  if (!sameSite) return { status: 403, message: `Expected same-origin for Sec-Fetch-Site but received ${site}` };
  if (!reads && origin === undefined) {
    return { status: 403, message: `Expected http://${host} for Origin but received none` };
  }
  return undefined;
}

/** What every answer says: nothing of it may be loaded, framed or guessed at by anyone else. */
export const SECURITY_HEADERS = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "x-frame-options": "DENY",
} as const;

/** The page runs its own script, and shows pictures of this machine. */
export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "connect-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** An object of a bucket is somebody's upload: opened by itself, it has no origin and runs nothing. */
export const OBJECT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox";
