import { UnsupportedError } from "../unsupported-error";
import type { Block } from "./block";
import type { CorsConfiguration } from "./http-api-resource";

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
const ORIGIN = /^(\*|https?:\/\/\*|[a-z][a-z0-9+.-]*:\/\/[^*/]+)$/;
// https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-cors.html
const MAX_AGE_SECONDS = 86_400;

/** The CORS configuration of an API. @throws UnsupportedError for one that API Gateway refuses */
export function readCors(block: Block): CorsConfiguration {
  const maxAgeSeconds = block.optionalWhole("max_age", -1, MAX_AGE_SECONDS);
  const cors: CorsConfiguration = {
    allowOrigins: block.strings("allow_origins"),
    allowMethods: block.strings("allow_methods"),
    allowHeaders: block.strings("allow_headers"),
    exposeHeaders: block.strings("expose_headers"),
    allowCredentials: block.optionalBoolean("allow_credentials") ?? false,
    ...(maxAgeSeconds !== undefined && { maxAgeSeconds }),
  };
  block.end();
  if (cors.allowCredentials && cors.allowOrigins.includes("*"))
    throw new UnsupportedError(block.address, 'allow_credentials is not supported when allow_origins has "*"');
  const wrong = cors.allowOrigins.find((origin) => !ORIGIN.test(origin));
  if (wrong !== undefined) {
    throw new UnsupportedError(
      block.address,
      `expected an origin such as "https://www.example.com", "https://*", "http://*" or "*" but received "${wrong}"`,
    );
  }
  return cors;
}
