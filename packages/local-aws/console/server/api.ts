import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import type { DecisionTrail } from "../../iam/decision-trail";
import type { BucketStore } from "../../s3/store/bucket-store";
import type { LocalStateMachine } from "../../step-functions/state-machine";
import type { LogLine, Page, StackInfo } from "../wire";
import type { EventStream } from "./event-stream";
import { detailOf } from "./execution-detail";
import { decisionLine, listExecutions, mapRunOf } from "./executions-view";
import type { LogLines } from "./log-lines";
import { listStored, shownType, storedObject } from "./objects-view";
import { OBJECT_POLICY, SECURITY_HEADERS } from "./request-guard";
import { upload } from "./upload";

/** What the page may ask about. */
export interface ApiSources {
  readonly stack: StackInfo;
  readonly machines: readonly LocalStateMachine[];
  readonly contents: (bucket: string) => BucketStore | undefined;
  readonly trail: DecisionTrail;
  readonly log: LogLines;
  readonly stream: EventStream;
}

/** A request that has passed the guard. */
export interface ApiCall {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly query: URLSearchParams;
  /** The decoded parts of the path that the route's pattern caught. */
  readonly parts: readonly string[];
}

/** What answers to a method and a path. */
export interface Route {
  readonly method: "GET" | "PUT" | "POST" | "DELETE";
  readonly path: RegExp;
  readonly answer: (call: ApiCall) => void | Promise<void>;
}

/** What is asked for cannot be given. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  constructor(
    readonly status: 400 | 404 | 405,
    message: string,
  ) {
    super(message);
  }
}

const MOST_ITEMS = 500;

/** The console's own API: what the page shows, and uploads. */
export function apiRoutes(sources: ApiSources): readonly Route[] {
  const { stack, machines, contents, trail, log, stream } = sources;
  const { originalBucket, deliveryUrl } = stack;
  const bucket = (name: string): BucketStore => {
    const store = contents(name);
    if (store === undefined) throw new ApiError(404, `Expected a bucket of the stack but received ${name}`);
    return store;
  };
  const object = (name: string, key: string) => {
    const version = bucket(name).current(key);
    if (version === undefined) throw new ApiError(404, `There is no object ${key} in ${name}`);
    return version;
  };
  return [
    get(/^\/api\/stack$/, () => stack),
    get(/^\/api\/executions$/, ({ query }) =>
      listExecutions(
        machines,
        {
          search: query.get("search") ?? "",
          status: query.get("status") ?? "",
          machine: query.get("machine") ?? "",
          ...pageAsked(query),
        },
        contents,
      ),
    ),
    get(/^\/api\/executions\/([^/]+)\/([^/]+)$/, ({ parts: [machineName = "", name = ""] }) => {
      const machine = machines.find(({ resource }) => resource.name === machineName);
      const execution = machine?.execution(name);
      if (machine === undefined || execution === undefined) {
        throw new ApiError(404, `There is no execution ${name} of ${machineName}, or it is too old`);
      }
      return detailOf(machine, execution, { trail, contents, originalBucket, deliveryUrl });
    }),
    get(/^\/api\/map-runs$/, () =>
      machines.flatMap((machine) => machine.mapRuns.map((run) => mapRunOf(machine.resource.name, run))),
    ),
    get(/^\/api\/buckets\/([^/]+)$/, ({ query, parts: [name = ""] }) =>
      listStored(bucket(name), { search: query.get("search") ?? "", ...pageAsked(query) }),
    ),
    get(/^\/api\/details\/([^/]+)\/(.+)$/, ({ parts: [name = "", key = ""] }) => storedObject(name, object(name, key))),
    {
      method: "GET",
      path: /^\/api\/objects\/([^/]+)\/(.+)$/,
      answer: async ({ response, query, parts: [name = "", key = ""] }) => {
        const version = object(name, key);
        const body = version.body.retain();
        try {
          const begin = body.slice(0, Math.min(body.bytes, 16));
          const pieces: Buffer[] = [];
          for await (const piece of begin.chunks()) pieces.push(piece);
          const type = shownType(version, Buffer.concat(pieces));
          response.writeHead(200, {
            ...SECURITY_HEADERS,
            "content-security-policy": OBJECT_POLICY,
            "content-type": type ?? "application/octet-stream",
            ...(type === undefined && { "content-disposition": "attachment" }),
            "content-length": body.bytes,
            // Who asks by ETag has what stays right for ever.
            "cache-control": query.get("etag") === version.etag ? "private, max-age=31536000, immutable" : "no-store",
          });
          await pipeline(body.chunks(), response);
        } finally {
          body.release();
        }
      },
    },
    {
      method: "PUT",
      path: /^\/api\/objects\/([^/]+)\/(.+)$/,
      answer: async ({ request, response, parts: [name = "", key = ""] }) => {
        if (name !== originalBucket) {
          throw new ApiError(400, `Expected the bucket of originals, ${originalBucket}, but received ${name}`);
        }
        await upload(request, response, { bucket: name, key }, stack, SECURITY_HEADERS);
      },
    },
    get(/^\/api\/log$/, ({ query }) => {
      const search = (query.get("search") ?? "").toLowerCase();
      const part = query.get("part") ?? "";
      const fitting = log.newestFirst.filter(
        (line) => (part === "" || line.part === part) && (search === "" || line.text.toLowerCase().includes(search)),
      );
      const { from, limit } = pageAsked(query);
      return { total: fitting.length, from, items: fitting.slice(from, from + limit) } satisfies Page<LogLine>;
    }),
    get(/^\/api\/decisions$/, () => {
      const { kept, forgotten } = trail.decisions();
      return { decisions: kept.map(decisionLine), more: forgotten };
    }),
    {
      method: "GET",
      path: /^\/api\/events$/,
      answer: ({ response }) => stream.open(response, SECURITY_HEADERS),
    },
  ];
}

function get(path: RegExp, answer: (call: ApiCall) => object): Route {
  return { method: "GET", path, answer: (call) => sendJson(call.response, 200, answer(call)) };
}

/** Answers with JSON that nobody keeps. */
export function sendJson(response: ServerResponse, status: number, value: object): void {
  response.writeHead(status, {
    ...SECURITY_HEADERS,
    "content-type": "application/json",
    "cache-control": "no-store",
  });
  response.end(JSON.stringify(value));
}

function pageAsked(query: URLSearchParams): { readonly from: number; readonly limit: number } {
  const number = (name: string, most: number, otherwise: number) => {
    const text = query.get(name) ?? String(otherwise);
    if (!/^\d{1,9}$/.test(text)) throw new ApiError(400, `Expected a whole number for ${name} but received ${text}`);
    return Math.min(Number(text), most);
  };
  return { from: number("from", Number.MAX_SAFE_INTEGER, 0), limit: number("limit", MOST_ITEMS, 100) };
}
