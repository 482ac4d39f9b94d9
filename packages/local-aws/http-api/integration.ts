import type { IncomingMessage } from "node:http";
import type { Context } from "hono";
import type { Caller } from "./route-guard";

/** What the server of Node hands on with each request. */
export interface Bindings {
  readonly incoming: Pick<IncomingMessage, "headersDistinct">;
}

/** What is known of a request once its route is. */
export interface RoutedRequest {
  readonly caller: Caller;
  /** Within its stage. */
  readonly path: string;
  /** What the variables of its route stand for. */
  readonly pathParameters: Readonly<Record<string, string>>;
}

/** Answers the requests of a route. */
export type Integrate = (context: Context<{ Bindings: Bindings }>, request: RoutedRequest) => Promise<Response>;
