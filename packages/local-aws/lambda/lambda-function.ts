import { randomUUID } from "node:crypto";
import { AwsError } from "../aws-error";
import type { Authorizer } from "../iam/authorizer";
import type { CredentialStore, Credentials } from "../iam/credentials";
import type { DecisionTrail } from "../iam/decision-trail";
import type { Log } from "../log";
import type { InvokeResult, RunningFunction } from "../stack/running";
import type { FunctionResource } from "../stack/stack-model";
import type { FunctionCode } from "./function-code";
import { readableLine } from "./readable-line";
import { refuseEnvironment } from "./refuse-environment";
import { Sandbox, type SandboxResult } from "./sandbox";
import { sandboxEnvironment } from "./sandbox-environment";
import type { SandboxQueue } from "./sandbox-queue";

// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const MAX_PAYLOAD_BYTES = 6 * 1024 * 1024;

/** What a function needs of this machine. */
export interface FunctionHost {
  readonly region: string;
  readonly awsUrl: string;
  readonly authorizer: Authorizer;
  readonly credentials: CredentialStore;
  readonly queue: SandboxQueue;
  readonly log: Log;
  /** Remembers for which execution a sandbox works. */
  readonly trail?: DecisionTrail;
}

interface WarmSandbox {
  readonly sandbox: Sandbox;
  readonly credentials: Credentials;
}

/** A Lambda function: its sandboxes, cold and warm, and the limits of AWS around them. */
export class LambdaFunction implements RunningFunction {
  readonly #idle: WarmSandbox[] = [];
  readonly #all = new Set<WarmSandbox>();
  #running = 0;
  #stopping = false;

  constructor(
    readonly resource: FunctionResource,
    private readonly code: FunctionCode,
    private readonly host: FunctionHost,
  ) {
    refuseEnvironment(resource);
  }

  /** Invokes the function with an event as JSON text. @throws AwsError when Lambda itself refuses */
  async invoke(event: string, requestId: string = randomUUID()): Promise<InvokeResult> {
    if (Buffer.byteLength(event) > MAX_PAYLOAD_BYTES) {
      throw new AwsError(
        "RequestTooLargeException",
        413,
        `Request must be smaller than ${MAX_PAYLOAD_BYTES} bytes for the InvokeFunction operation`,
      );
    }
    if (this.#running >= (this.resource.reservedConcurrency ?? Number.POSITIVE_INFINITY)) {
      throw new AwsError("TooManyRequestsException", 429, "Rate Exceeded.");
    }
    this.#running += 1;
    try {
      return await this.host.queue.run(() => this.#run(event, requestId));
    } finally {
      this.#running -= 1;
    }
  }

  /** Ends all sandboxes and waits until they are gone. */
  async stop(): Promise<void> {
    this.#stopping = true;
    const all = [...this.#all];
    for (const { sandbox } of all) sandbox.kill();
    await Promise.all(all.map(({ sandbox }) => sandbox.gone()));
  }

  async #run(event: string, requestId: string): Promise<InvokeResult> {
    const started = performance.now();
    const warm = this.#takeIdle();
    const environment = warm ?? this.#start();
    this.#serves(environment, this.host.trail?.execution);
    const initError = await environment.sandbox.ready;
    const invoked = performance.now();
    const initMs = warm ? undefined : invoked - started;
    const { timeoutSeconds, arn } = this.resource;
    const message = { requestId, event, deadline: Date.now() + timeoutSeconds * 1000, functionArn: arn };
    const result: SandboxResult = initError
      ? { ok: false, error: initError, maxMemoryMb: 0 }
      : await environment.sandbox.invoke(message, timeoutSeconds);
    // Whoever stops everything knows why the sandboxes died.
    if (!this.#stopping) this.#report(requestId, performance.now() - invoked, initMs, result);
    this.#serves(environment, undefined);
    if (environment.sandbox.alive) this.#idle.push(environment);
    return answer(requestId, result);
  }

  #serves({ credentials }: WarmSandbox, execution: string | undefined): void {
    const session = this.host.credentials.find(credentials.accessKeyId)?.principal;
    if (session !== undefined) this.host.trail?.serves(session, execution);
  }

  #takeIdle(): WarmSandbox | undefined {
    for (;;) {
      // The one used last is the warmest.
      const candidate = this.#idle.pop();
      if (candidate === undefined || candidate.sandbox.alive) return candidate;
    }
  }

  #start(): WarmSandbox {
    const { resource, host } = this;
    host.authorizer.assumeRole(resource.role, "lambda.amazonaws.com");
    const credentials = host.credentials.assumeRole(resource.role, resource.name);
    const sandbox = new Sandbox({
      environment: sandboxEnvironment(resource, this.code, credentials, host),
      code: this.code,
      memoryMb: resource.memoryMb,
      onOutput: (line) => host.log("lambda", readableLine(line)),
    });
    const environment = { sandbox, credentials };
    this.#all.add(environment);
    sandbox.gone().then(() => {
      this.#all.delete(environment);
      host.credentials.revoke(credentials);
    });
    return environment;
  }

  #report(requestId: string, durationMs: number, initMs: number | undefined, result: SandboxResult): void {
    const parts = [
      `REPORT RequestId: ${requestId.slice(0, 8)}`,
      `Duration: ${durationMs.toFixed(2)} ms`,
      `Memory Size: ${this.resource.memoryMb} MB`,
      `Max Memory Used: ${result.maxMemoryMb} MB`,
      ...(initMs === undefined ? [] : [`Init Duration: ${initMs.toFixed(2)} ms`]),
      ...(result.ok ? [] : [`${result.error.errorType}: ${result.error.errorMessage}`]),
    ];
    this.host.log("lambda", parts.join("  "));
  }
}

function answer(requestId: string, result: SandboxResult): InvokeResult {
  if (!result.ok) return { requestId, payload: JSON.stringify(result.error), functionError: "Unhandled" };
  return { requestId, payload: result.payload };
}
