import { S3Client } from "@aws-sdk/client-s3";
import { readConfig } from "./config";
import { Deadline } from "./deadline";
import { Refusal } from "./errors";
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

/** Lambda entry: parse, resize, respond. Refusals are returned, faults that may pass are thrown. */
export async function handler(event: unknown, context: Context): Promise<Outcome> {
  try {
    const deadline = new Deadline(context.getRemainingTimeInMillis());
    const result = await resize(parseRequest(event, config), config, store, deadline);
    console.info({ outcome: "resized", ...result });
    return succeeded(result);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    console.info({ outcome: "refused", error: error.name, cause: error.message });
    return failed(error);
  }
}
