import type { Answer } from "./answer";
import type { AwsRequest } from "./aws-request";

const PATH = /^\/2020-05-31\/response-headers-policy(?:\/([^/?]+))?/;

/**
 * The response headers policies of an account, which Moto does not have: what was made is given back as it was given.
 * https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateResponseHeadersPolicy.html
 */
export class HeadersPolicies {
  private readonly configs = new Map<string, string>();
  private changes = 0;

  /** Undefined for a request about something else. */
  answer({ method, url, body }: AwsRequest): Answer | undefined {
    const match = PATH.exec(url);
    if (match === null) return undefined;
    const id = match[1] ?? `policy-${this.changes}`;
    const config = this.configs.get(id);
    if (method !== "POST" && config === undefined)
      return this.#xml(404, error("NoSuchResponseHeadersPolicy", `no response headers policy ${id}`));
    switch (method) {
      case "POST":
        return this.#set(id, body, 201);
      case "PUT":
        return this.#set(id, body, 200);
      case "DELETE":
        this.configs.delete(id);
        return { status: 204, contentType: "text/xml", body: "" };
      default:
        return this.#xml(200, policy(id, config ?? ""));
    }
  }

  #set(id: string, body: string, status: number): Answer {
    this.changes += 1;
    const config = body.replace(/^<\?xml.*?\?>/, "");
    this.configs.set(id, config);
    return this.#xml(status, policy(id, config));
  }

  #xml(status: number, body: string): Answer {
    return { status, contentType: "text/xml", body, headers: { etag: `E${this.changes}` } };
  }
}

const policy = (id: string, config: string): string =>
  `<ResponseHeadersPolicy><Id>${id}</Id><LastModifiedTime>2026-01-01T00:00:00Z</LastModifiedTime>${config}</ResponseHeadersPolicy>`;

const error = (code: string, message: string): string =>
  `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`;
