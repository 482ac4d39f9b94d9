import type { IncomingMessage } from "node:http";
import { isJsonObject, type Json, type JsonObject, parseJson } from "../../json";
import { isPreset, nameFault, type Preset, presetFaults } from "../preset";
import type { Trial, TrialAnswer } from "../wire";
import { ApiError, type Route, sendJson } from "./api";
import { OBJECT_POLICY, SECURITY_HEADERS } from "./request-guard";

/** Where presets are tried. */
export interface Workshop {
  /** Of the environment, by name. */
  readonly presets: Readonly<Record<string, Preset>>;
  readonly make: (
    trial: Trial,
    signal: AbortSignal,
  ) => Promise<{ readonly answer: TrialAnswer; readonly bytes: Buffer }>;
  readonly stop: () => Promise<void>;
}

const MAX_REQUEST_BYTES = 16_384; // A key has at most 1,024 bytes, the rest is small.
const KEPT_PICTURES = 12;

/** Trials of presets, and the pictures they made. */
export function trialRoutes(workshop: Workshop): readonly Route[] {
  const pictures = new Map<number, { readonly type: string; readonly bytes: Buffer }>();
  let count = 0;
  const keep = (type: string, bytes: Buffer): number => {
    count += 1;
    pictures.set(count, { type, bytes });
    pictures.delete(count - KEPT_PICTURES);
    return count;
  };
  return [
    {
      method: "POST",
      path: /^\/api\/trials$/,
      answer: async ({ request, response }) => {
        const trial = readTrial(await readJson(request), Object.keys(workshop.presets));
        const gone = new AbortController();
        response.once("close", () => gone.abort());
        try {
          const { answer, bytes } = await workshop.make(trial, gone.signal);
          const type = answer.made ? (answer.headers["content-type"] ?? "") : "";
          sendJson(response, 200, answer.made ? { ...answer, id: keep(type, bytes) } : answer);
        } catch (error) {
          if (!gone.signal.aborted) throw error;
        }
      },
    },
    {
      method: "GET",
      path: /^\/api\/trials\/(\d{1,9})$/,
      answer: ({ response, parts: [id = ""] }) => {
        const picture = pictures.get(Number(id));
        if (picture === undefined) throw new ApiError(404, `There is no picture ${id} any more`);
        response.writeHead(200, {
          ...SECURITY_HEADERS,
          "content-security-policy": OBJECT_POLICY,
          "content-type": picture.type,
          "content-length": picture.bytes.length,
          // The page asks by ETag as well: another run counts from one again.
          "cache-control": "private, max-age=31536000, immutable",
        });
        response.end(picture.bytes);
      },
    },
  ];
}

/** @throws ApiError with all that is wrong */
function readTrial(body: Json, names: readonly string[]): Trial {
  const { key, name, preset }: JsonObject = isJsonObject(body) ? body : {};
  if (typeof key !== "string" || key === "") {
    throw new ApiError(400, `Expected the key of a picture for key but received ${JSON.stringify(key)}`);
  }
  if (typeof name !== "string") {
    throw new ApiError(400, `Expected a name for name but received ${JSON.stringify(name)}`);
  }
  const wrong = nameFault(
    name,
    names.filter((other) => other !== name),
  );
  const faults = [...(wrong === undefined ? [] : [{ field: "name", message: wrong }]), ...presetFaults(preset)];
  const value: unknown = preset;
  if (faults.length > 0 || !isPreset(value)) {
    throw new ApiError(400, faults.map(({ field, message }) => `${field}: ${message}`).join("; "));
  }
  return { key, name, preset: value };
}

async function readJson(request: IncomingMessage): Promise<Json> {
  // A form of another page cannot say so without a preflight, which nobody answers.
  if (request.headers["content-type"] !== "application/json") {
    throw new ApiError(400, `Expected application/json but received ${request.headers["content-type"] ?? "no type"}`);
  }
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of request) {
    bytes += piece.length;
    if (bytes > MAX_REQUEST_BYTES) throw new ApiError(400, `Expected at most ${MAX_REQUEST_BYTES} bytes`);
    pieces.push(piece);
  }
  try {
    return parseJson(Buffer.concat(pieces).toString());
  } catch {
    throw new ApiError(400, "Expected JSON");
  }
}
