import type { PolicyDocument } from "@image-pipeline/iam-policy";
import type { Role } from "./role";

/** An HTTP API with everything it routes to. */
export interface HttpApiResource {
  readonly address: string;
  readonly id: string;
  readonly name: string;
  readonly cors?: CorsConfiguration;
  readonly routes: readonly Route[];
  readonly stages: readonly Stage[];
}

/** The CORS configuration of an HTTP API. */
export interface CorsConfiguration {
  readonly allowOrigins: readonly string[];
  readonly allowMethods: readonly string[];
  readonly allowHeaders: readonly string[];
  readonly exposeHeaders: readonly string[];
  readonly allowCredentials: boolean;
  readonly maxAgeSeconds?: number;
}

/** A route and the integration behind it. */
export interface Route {
  readonly address: string;
  /** `POST /resized`, `ANY /{proxy+}` or `$default`. */
  readonly routeKey: string;
  readonly authorization: RouteAuthorization;
  readonly integration: StartExecutionIntegration | LambdaIntegration;
}

/** The integration that starts an execution. */
export interface StartExecutionIntegration {
  readonly kind: "StartExecution";
  readonly role: Role;
  /** Parameter name to source: a constant or `$request.body`, `$context.requestId` and so on. */
  readonly requestParameters: Readonly<Record<string, string>>;
}

/** The integration that lets a function answer. */
export interface LambdaIntegration {
  readonly kind: "Lambda";
  readonly functionArn: string;
  /** What the permissions of the function allow to services. */
  readonly policy?: PolicyDocument;
  /** Whom the function is invoked as; API Gateway itself where there is none. */
  readonly role?: Role;
  readonly timeoutMs: number;
}

/** Who may call a route: everyone, who IAM lets, or who has a token. */
export type RouteAuthorization = "none" | "iam" | JwtAuthorization;

/** The tokens that open a route. */
export interface JwtAuthorization {
  /** URL under which the issuer describes itself. */
  readonly issuer: string;
  readonly audience: readonly string[];
  /** One of these is enough; none when no scope is asked for. */
  readonly scopes: readonly string[];
}

/** A stage of an HTTP API. */
export interface Stage {
  readonly address: string;
  /** `$default` serves at the root, any other name under `/<name>`. */
  readonly name: string;
  readonly throttle?: Throttle;
  readonly routeThrottles: Readonly<Record<string, Throttle>>;
  readonly variables: Readonly<Record<string, string>>;
}

/** Steady requests a second and the burst above it. */
export interface Throttle {
  readonly rateLimit: number;
  readonly burstLimit: number;
}
