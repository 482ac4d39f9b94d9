import type { MiddlewareHandler } from "hono";
import type { CorsConfiguration } from "../stack/http-api-resource";

/**
 * Answers every preflight, and lets browsers of the allowed origins read the other answers. A header that is not
 * configured is not sent, whatever a preflight asks for.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
 */
export function cors(configuration: CorsConfiguration): MiddlewareHandler {
  const { allowOrigins, allowMethods, allowHeaders, exposeHeaders, allowCredentials, maxAgeSeconds } = configuration;
  const ofAnswers = withValues({
    "access-control-allow-credentials": allowCredentials ? "true" : "",
    "access-control-expose-headers": exposeHeaders.join(","),
  });
  const ofPreflights = withValues({
    "access-control-allow-methods": allowMethods.join(","),
    "access-control-allow-headers": allowHeaders.join(","),
    "access-control-max-age": String(maxAgeSeconds ?? ""),
  });
  return async (context, next) => {
    const isPreflight = context.req.method === "OPTIONS";
    const origin = context.req.header("origin");
    const allowed = origin === undefined ? undefined : allowedOrigin(allowOrigins, origin);
    if (allowed !== undefined) {
      context.header("access-control-allow-origin", allowed);
      for (const [name, value] of ofAnswers) context.header(name, value);
      if (isPreflight) for (const [name, value] of ofPreflights) context.header(name, value);
    }
    return isPreflight ? context.body(null, 204) : next();
  };
}

function withValues(headers: Readonly<Record<string, string>>): readonly (readonly [string, string])[] {
  return Object.entries(headers).filter(([, value]) => value !== "");
}

/** `*` allows every origin, `https://*` and `http://*` those of a scheme, anything else is an origin itself. */
function allowedOrigin(allowOrigins: readonly string[], origin: string): string | undefined {
  if (allowOrigins.includes("*")) return "*";
  const isAllowed = allowOrigins.some((allowed) =>
    allowed.endsWith("://*") ? origin.startsWith(allowed.slice(0, -1)) : allowed === origin,
  );
  return isAllowed ? origin : undefined;
}
