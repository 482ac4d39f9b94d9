import { arrayOf, integer, meaning, pattern, record } from "./expectations";

/** Which browser origins may call something, and with what. */
export const cors = record({
  allowOrigins: meaning(
    "origins",
    arrayOf(pattern(/^(\*|https?:\/\/[^/\s]+)$/, 'an origin such as "https://example.com", or "*"')),
  ),
  allowHeaders: meaning("headers of a request", arrayOf(pattern(/^(\*|[a-z0-9-]+)$/i, 'the name of a header, or "*"'))),
  maxAgeSeconds: meaning("seconds a browser may keep the answer to a preflight request", integer(0, 86_400)),
});
