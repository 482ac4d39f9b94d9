import { S3Client } from "@aws-sdk/client-s3";
import { readConfig } from "./config";
import { Deadline } from "./deadline";
import { Refusal, SourceKeepsChanging, StorageUnavailable } from "./errors";
import { ImageStore } from "./image-store";
import { failed, type Outcome, succeeded } from "./outcome";
import { maxSourceBytes } from "./picture/limits";
import { parseRequest } from "./request";
import { resize } from "./resize";

const config = readConfig(process.env);
const store = new ImageStore(new S3Client({}), maxSourceBytes(config.memoryMb));

/** The part of Lambda's context the function looks at. */
interface Context {
  getRemainingTimeInMillis(): number;
}

/** Lambda entry: parse, resize, respond. Faults that may pass are thrown, so that the state machine tries again; nothing else is. */
export async function handler(event: unknown, context: Context): Promise<Outcome> {
  try {
    const deadline = new Deadline(context.getRemainingTimeInMillis());
    const request = parseRequest(event, config);
    const result = await resize(request, config, store, deadline);
    console.info({ outcome: "deleted" in result ? "deleted" : "resized", ...result });
    return succeeded(request, result);
  } catch (error) {
    if (error instanceof StorageUnavailable || error instanceof SourceKeepsChanging) throw error;
    const outcome = failed(error);
    if (error instanceof Refusal) console.info({ outcome: "refused", error: outcome.Error, cause: outcome.Cause });
    else console.error(error);
    return outcome;
  }
}
