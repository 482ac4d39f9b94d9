import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { isPreset, type Preset } from "../console/preset";
import type { Workshop } from "../console/server/trials";
import type { Trial, TrialAnswer, TrialStep } from "../console/wire";
import type { Authenticator } from "../endpoint/authenticator";
import type { Authorizer } from "../iam/authorizer";
import type { CredentialStore } from "../iam/credentials";
import { isJsonObject, type Json, parseJson } from "../json";
import { codeFolders } from "../lambda/function-code";
import type { S3Server } from "../s3/s3-server";
import type { FunctionResource, StackModel } from "../stack/stack-model";
import { type ScratchCall, ScratchS3 } from "./scratch-s3";
import { WarmSandboxes } from "./warm-sandboxes";

/** After so long without a picture nobody is at the workshop any more, and its processes take memory. */
const IDLE_MS = 5 * 60_000;

interface WorkshopOptions {
  readonly resource: FunctionResource;
  readonly scratch: ScratchS3;
  readonly sandboxes: WarmSandboxes;
  readonly idleMs: number;
}

/** What a workshop needs of a run. */
export interface WorkshopHost {
  readonly stack: StackModel;
  readonly s3: S3Server;
  readonly authenticator: Authenticator;
  readonly authorizer: Authorizer;
  readonly credentials: CredentialStore;
}

/** A picture that was made, or why there is none. */
export interface TrialResult {
  readonly answer: TrialAnswer;
  readonly bytes: Buffer;
}

/** A workshop for the function of a stack that makes renditions; undefined where none does. */
export function presetWorkshop(
  host: WorkshopHost,
  codeFolder: string,
  idleMs: number = IDLE_MS,
): PresetWorkshop | undefined {
  const { stack, s3, authenticator, authorizer, credentials } = host;
  const { buckets, region } = stack;
  for (const resource of stack.functions) {
    const { RENDITIONS } = resource.environment;
    const presets: unknown = RENDITIONS === undefined ? undefined : parseJson(RENDITIONS);
    if (!arePresets(presets)) continue;
    const code = codeFolders(join(codeFolder, resource.name));
    const scratch = new ScratchS3({ buckets, authenticator, authorizer, s3 });
    const sandboxes = new WarmSandboxes({ resource, code, region, authorizer, credentials });
    return new PresetWorkshop(presets, { resource, scratch, sandboxes, idleMs });
  }
  return undefined;
}

function arePresets(value: unknown): value is Readonly<Record<string, Preset>> {
  return typeof value === "object" && value !== null && Object.values(value).every(isPreset);
}

/**
 * Makes pictures by presets that no environment has, with the very code that is deployed: a sandbox of the function of its
 * own, whose S3 keeps to itself what is written. The presets are part of the function's environment, so each new one loads
 * it again, in the process that is there: tens of milliseconds in the place of a cold start.
 */
class PresetWorkshop implements Workshop {
  #url: Promise<string> | undefined;
  #last: Promise<void> = Promise.resolve();
  #stopping = false;
  #idle: NodeJS.Timeout | undefined;

  constructor(
    readonly presets: Readonly<Record<string, Preset>>,
    private readonly options: WorkshopOptions,
  ) {}

  /** One at a time. @throws the signal's reason, when nobody waits any more */
  async make(trial: Trial, signal: AbortSignal): Promise<TrialResult> {
    clearTimeout(this.#idle);
    const before = this.#last;
    const turn = Promise.withResolvers<void>();
    this.#last = turn.promise;
    await before;
    try {
      signal.throwIfAborted();
      return await this.#make(trial, signal);
    } finally {
      turn.resolve();
      const isLast = this.#last === turn.promise;
      if (isLast && !this.#stopping)
        this.#idle = setTimeout(() => this.options.sandboxes.end(), this.options.idleMs).unref();
    }
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#idle);
    await this.options.sandboxes.end();
    if (this.#url === undefined) return;
    await this.#url;
    await this.options.scratch.stop();
  }

  async #make({ key, name, preset }: Trial, signal: AbortSignal): Promise<TrialResult> {
    const { scratch, resource, sandboxes } = this.options;
    const { ORIGINAL_BUCKET: bucket, RESIZED_BUCKET: resizedBucket } = resource.environment;
    this.#url ??= scratch.start();
    const url = await this.#url;
    const warm = sandboxes.take(url);
    const initError = await warm.sandbox.ready;
    signal.throwIfAborted();
    if (initError !== undefined) return failure(initError.errorType, initError.errorMessage, []);
    const kill = () => warm.sandbox.kill();
    signal.addEventListener("abort", kill, { once: true });
    try {
      const presets = JSON.stringify({ [name]: preset });
      const loads = warm.presets !== presets;
      warm.presets = presets;
      if (loads) warm.loads += 1;
      scratch.takeCalls();
      const began = performance.now();
      const result = await warm.sandbox.invoke(
        {
          requestId: randomUUID(),
          event: JSON.stringify({ bucket, fileName: key, resizedBucket, renditions: [name] }),
          deadline: Date.now() + resource.timeoutSeconds * 1000,
          functionArn: resource.arn,
          ...(loads && { environment: { RENDITIONS: presets } }),
        },
        resource.timeoutSeconds,
      );
      const steps = stepsOf(began, scratch.takeCalls(), performance.now());
      signal.throwIfAborted();
      if (!result.ok) return failure(result.error.errorType, result.error.errorMessage, steps);
      return await this.#read(parseJson(result.payload), steps);
    } finally {
      signal.removeEventListener("abort", kill);
      if (!this.#stopping) sandboxes.prepare(url);
    }
  }

  /** What the function wrote, as it says where. */
  async #read(outcome: Json, steps: readonly TrialStep[]): Promise<TrialResult> {
    if (!isJsonObject(outcome))
      throw new Error(`Expected an outcome of the function but received ${JSON.stringify(outcome)}`);
    if (outcome.success !== true) return failure(String(outcome.Error), String(outcome.Cause), steps);
    const [rendition] = Array.isArray(outcome.renditions) ? outcome.renditions : [];
    const { bucket, key, width, height, format } = isJsonObject(rendition) ? rendition : {};
    const store = this.options.scratch.written(String(bucket));
    const version = store?.current(String(key));
    if (store === undefined || version === undefined) {
      throw new Error(`Expected the function to write ${key} to ${bucket} but there is nothing`);
    }
    const pieces: Buffer[] = [];
    for await (const piece of version.body.chunks()) pieces.push(piece);
    const bytes = Buffer.concat(pieces);
    const { etag, headers, metadata } = version;
    for (const { versionId } of store.versionsOf(version.key)) store.deleteVersion(version.key, versionId);
    const { width: sourceWidth, height: sourceHeight } = isJsonObject(outcome.source) ? outcome.source : {};
    return {
      answer: {
        made: true,
        bucket: String(bucket),
        key: version.key,
        etag,
        width: Number(width),
        height: Number(height),
        format: String(format),
        bytes: bytes.length,
        headers,
        metadata,
        source: { width: Number(sourceWidth), height: Number(sourceHeight) },
        steps,
      },
      bytes,
    };
  }
}

function failure(error: string, cause: string, steps: readonly TrialStep[]): TrialResult {
  return { answer: { made: false, error, cause, steps }, bytes: Buffer.alloc(0) };
}

/** What the requests to S3 tell of the time between them. */
function stepsOf(began: number, calls: readonly ScratchCall[], ended: number): readonly TrialStep[] {
  const [read] = calls.filter(({ method }) => method === "GET");
  const written = calls.find(({ method }) => method === "PUT");
  const marks: readonly (readonly [string, number | undefined])[] = [
    ["loaded", read?.began],
    ["read", read?.ended],
    ["made", written?.began],
    ["written", written?.ended],
    ["looked again", ended],
  ];
  let at = began;
  return marks.flatMap(([name, until]) => {
    if (until === undefined) return [];
    const milliseconds = Math.max(0, until - at);
    at = until;
    return { name, milliseconds };
  });
}
