import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { listen } from "../../listen";
import { ApiError, type Route, sendJson } from "./api";
import { PageFiles } from "./page-files";
import { PAGE_POLICY, refusal, SECURITY_HEADERS } from "./request-guard";

/** What the console is reached by. */
export interface ConsoleServer {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** Where the page answers; 0 picks a free port, and so does "usual" where another program has the usual one. */
export type ConsolePort = number | "usual";

const USUAL_PORT = 3080;

/** Serves the page and its API on an address of its own. */
export async function startConsoleServer(port: ConsolePort, routes: readonly Route[]): Promise<ConsoleServer> {
  const files = new PageFiles();
  const { server, url } = await bound(port);
  const ownPort = Number(new URL(url).port);
  server.on("request", (request, response) => {
    serve(request, response, { ownPort, routes, files }).catch((error: unknown) => sendError(response, error));
  });
  const stop = () => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  };
  return { url, stop };
}

/** Another run may take a port between a look and the next: only binding it tells. */
async function bound(port: ConsolePort): Promise<{ readonly server: Server; readonly url: string }> {
  const server = createServer();
  if (port !== "usual") return { server, url: await listen(server, port, "--console-port") };
  try {
    return { server, url: await listen(server, USUAL_PORT, "--console-port") };
  } catch {
    return bound(0);
  }
}

interface Served {
  readonly ownPort: number;
  readonly routes: readonly Route[];
  readonly files: PageFiles;
}

async function serve(request: IncomingMessage, response: ServerResponse, { ownPort, routes, files }: Served) {
  const refused = refusal(request, ownPort);
  if (refused !== undefined) return sendJson(response, refused.status, { message: refused.message });
  const { pathname, searchParams: query } = new URL(request.url ?? "/", "http://console");
  if (!pathname.startsWith("/api/")) return sendFile(request, response, files, pathname);
  const here = routes.filter(({ path }) => path.test(pathname));
  if (here.length === 0) throw new ApiError(404, `There is no ${pathname}`);
  const route = here.find(({ method }) => method === request.method);
  if (route === undefined) {
    const methods = here.map(({ method }) => method).join(", ");
    throw new ApiError(405, `Expected ${methods} of ${pathname} but received ${request.method}`);
  }
  const parts = route.path.exec(pathname)?.slice(1).map(decoded) ?? [];
  await route.answer({ request, response, query, parts });
}

async function sendFile(request: IncomingMessage, response: ServerResponse, files: PageFiles, path: string) {
  if (request.method !== "GET" && request.method !== "HEAD") {
    throw new ApiError(405, `Expected GET of ${path} but received ${request.method}`);
  }
  const file = await files.find(path);
  if (file === undefined) throw new ApiError(404, `There is no ${path}`);
  const { etag, type, gzipped, bytes } = file;
  const headers = { ...SECURITY_HEADERS, "content-security-policy": PAGE_POLICY, etag, "cache-control": "no-cache" };
  if (request.headers["if-none-match"] === etag) {
    response.writeHead(304, headers).end();
    return;
  }
  const small = /\bgzip\b/.test(request.headers["accept-encoding"]?.toString() ?? "");
  const body = small ? gzipped : bytes;
  response.writeHead(200, {
    ...headers,
    "content-type": type,
    "content-length": body.length,
    vary: "accept-encoding",
    ...(small && { "content-encoding": "gzip" }),
  });
  response.end(request.method === "HEAD" ? undefined : body);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new ApiError(400, `Expected a path in percent-encoding but received ${part}`);
  }
}

function sendError(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const status = error instanceof ApiError ? error.status : 500;
  // What was being uploaded is not read to its end.
  if (!response.req.complete) response.setHeader("connection", "close");
  sendJson(response, status, { message: error instanceof Error ? error.message : String(error) });
  response.req.resume();
}
