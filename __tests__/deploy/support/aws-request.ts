import type { IncomingHttpHeaders } from "node:http";

/** One call of an AWS client, as it came over the wire. */
export interface AwsRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}
