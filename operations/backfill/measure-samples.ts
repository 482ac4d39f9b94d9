import { InvokeCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import type { FoundPicture, FoundPictures } from "./found-pictures";

/** What the samples say of all pictures. */
export interface Measured {
  readonly samples: number;
  /** Of one picture on the average, weighted by how many there are of each extension. */
  readonly millisecondsEach: number;
  /** Renditions that would be made of one picture. */
  readonly renditionsEach: number;
  /** Samples that failed, by error. */
  readonly failures: ReadonlyMap<string, number>;
}

/** What each picture is asked for. */
export interface Asked {
  readonly bucket: string;
  readonly resizedBucket: string;
  readonly renditions: readonly string[];
}

const MAX_SAMPLES = 24;
const AT_ONCE = 4;

/** Has some pictures of each extension made, and not written. @throws Error when the function itself fails */
export async function measureSamples(
  lambda: LambdaClient,
  functionName: string,
  found: FoundPictures,
  asked: Asked,
): Promise<Measured> {
  const waiting = samplesOf(found).map((sample) => ({ ...sample, weight: sample.stands / found.total }));
  const failures = new Map<string, number>();
  let samples = 0;
  let millisecondsEach = 0;
  let renditionsEach = 0;
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { milliseconds, renditions, error } = await dryRun(lambda, functionName, next.picture, asked);
      samples += 1;
      millisecondsEach += milliseconds * next.weight;
      renditionsEach += renditions * next.weight;
      if (error !== undefined) failures.set(error, (failures.get(error) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { samples, millisecondsEach, renditionsEach, failures };
}

interface Sample {
  readonly picture: FoundPicture;
  /** So many pictures it stands for. */
  readonly stands: number;
}

/** At least one of each of the most frequent extensions, and of the others more, as far as they have. */
function samplesOf({ byExtension, total }: FoundPictures): Sample[] {
  const kinds = byExtension.slice(0, MAX_SAMPLES);
  return kinds.flatMap(({ count, samples }) => {
    const share = Math.max(1, Math.round(((MAX_SAMPLES - kinds.length) * count) / total));
    const taken = samples.slice(0, share);
    return taken.map((picture) => ({ picture, stands: count / taken.length }));
  });
}

interface Answer {
  readonly status?: string;
  readonly Error?: string;
  readonly milliseconds?: number;
  readonly renditions?: readonly unknown[];
  readonly errorType?: string;
}

async function dryRun(lambda: LambdaClient, FunctionName: string, picture: FoundPicture, asked: Asked) {
  const request = { ...asked, fileName: picture.key, onlyMissing: true, dryRun: true };
  const payload = { ...request, ...(picture.etag !== undefined && { etag: picture.etag }) };
  const began = performance.now();
  const { Payload } = await lambda.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(payload) }));
  const answer: Answer = JSON.parse(Payload?.transformToString() ?? "{}");
  return {
    // A refusal says no time of its own.
    milliseconds: answer.milliseconds ?? performance.now() - began,
    renditions: answer.renditions?.length ?? 0,
    error: answer.status === "SUCCESS" ? undefined : (answer.Error ?? answer.errorType ?? "no answer"),
  };
}
