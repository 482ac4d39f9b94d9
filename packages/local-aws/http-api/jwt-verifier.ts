import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from "jose";
import { isJsonObject, parseJson } from "../json";
import type { JwtAuthorization } from "../stack/http-api-resource";

/** The claims of a token. */
export type Claims = Readonly<JWTPayload>;

/** A token that a JWT authorizer does not take, in the terms of RFC 6750. */
export class TokenError extends Error {
  override readonly name = "TokenError";

  constructor(
    readonly kind: "missing_token" | "invalid_token" | "insufficient_scope",
    message: string,
    /** The scopes of which one would have been enough. */
    readonly scopes: readonly string[] = [],
  ) {
    super(message);
  }
}

// "Only RSA-based algorithms are supported", and "API Gateway can cache the public key for two hours":
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
const ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"];
const KEYS_KEPT_MS = 2 * 60 * 60 * 1000;
const DISCOVERY_MS = 1_500;

/** Takes the tokens that a JWT authorizer of API Gateway takes; the keys come from the issuer, and are kept. */
export class JwtVerifier {
  #keys: Promise<JWTVerifyGetKey> | undefined;

  constructor(private readonly authorization: JwtAuthorization) {}

  /** @throws TokenError */
  async verify(token: string | undefined): Promise<{ readonly claims: Claims; readonly scopes: readonly string[] }> {
    if (token === undefined || token === "") throw new TokenError("missing_token", "there is no token");
    const claims = await this.#claims(token);
    const { audience, scopes } = this.authorization;
    // "client_id: must match one of the audience entries. Validated only if aud is not present."
    const audiences = claims.aud === undefined ? [claims.client_id] : [claims.aud].flat();
    if (!audiences.some((name) => typeof name === "string" && audience.includes(name)))
      throw new TokenError("invalid_token", "the token does not have a valid audience");
    if (typeof claims.iat === "number" && claims.iat * 1000 > Date.now())
      throw new TokenError("invalid_token", "the token is used before it was issued");
    const granted = scopesOf(claims);
    if (scopes.length > 0 && !granted.some((scope) => scopes.includes(scope)))
      throw new TokenError("insufficient_scope", "the token does not have a scope of the route", scopes);
    return { claims, scopes: granted };
  }

  async #claims(token: string): Promise<Claims> {
    const { issuer } = this.authorization;
    try {
      const keys = await this.#issuerKeys();
      const getKey: JWTVerifyGetKey = (header, input) => {
        // "The token must have a header claim that matches the key in the jwks_uri that signed the token."
        if (header.kid === undefined) throw new errors.JWKSNoMatchingKey("the token names no key of the issuer");
        return keys(header, input);
      };
      const { payload } = await jwtVerify(token, getKey, { issuer, algorithms: ALGORITHMS, requiredClaims: ["exp"] });
      return payload;
    } catch (error) {
      // Whatever the reason, such as an issuer that does not answer: nobody is let in.
      throw new TokenError(
        "invalid_token",
        (error instanceof Error ? error.message : String(error)).replaceAll('"', "'"),
      );
    }
  }

  /** Asked for with the first token, and again after a failure. */
  #issuerKeys(): Promise<JWTVerifyGetKey> {
    this.#keys ??= discoverKeys(this.authorization.issuer).catch((error: unknown) => {
      this.#keys = undefined;
      throw error;
    });
    return this.#keys;
  }
}

/** https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig */
async function discoverKeys(issuer: string): Promise<JWTVerifyGetKey> {
  const address = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
  const response = await fetch(address, { signal: AbortSignal.timeout(DISCOVERY_MS) });
  const configuration = parseJson(await response.text());
  const keysAddress = isJsonObject(configuration) ? configuration.jwks_uri : undefined;
  if (typeof keysAddress !== "string") throw new Error(`expected jwks_uri in ${address}`);
  return createRemoteJWKSet(new URL(keysAddress), { cacheMaxAge: KEYS_KEPT_MS });
}

/** `scope` is a list in one string, `scp` a list or the same. */
function scopesOf({ scope, scp }: Claims): readonly string[] {
  return [scope ?? scp ?? []]
    .flat()
    .flatMap((names) => String(names).split(" "))
    .filter(Boolean);
}
