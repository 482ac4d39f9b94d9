import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  DeleteObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
} from "@aws-sdk/client-s3";
import { DescribeExecutionCommand, ListExecutionsCommand, SFNClient } from "@aws-sdk/client-sfn";
import sharp from "sharp";
import { removeCodeFolder } from "../../code-folder";
import { OPERATOR_CREDENTIALS } from "../../iam/credentials";
import { type Runner, startRunner } from "../../runner";

/** How the pipeline fared with one change of its stack. */
export interface Trial {
  readonly name: string;
  /** Why the runner did not start. */
  readonly startError?: string;
  /** Status of the POST. */
  readonly http?: number;
  /** How the executions ended that the POST and the upload started. */
  readonly api?: string;
  readonly upload?: string;
  /** Status of the GET that asks how the execution of the POST ended. */
  readonly asked?: number;
  /** Status of the GET that asks for the rendition, as a browser does. */
  readonly delivered?: number;
  /** How the execution ended that the deletion of the picture started, and what was left of its renditions. */
  readonly deletion?: string;
  readonly left?: number;
  /** Every denial the log names. */
  readonly denied: readonly string[];
}

/** A change of the stack: the JSON text before and after. */
export interface Change {
  readonly name: string;
  readonly apply: (stack: string) => string;
}

const PATIENCE_MS = 60_000;

/**
 * Runs the stack with one change, uploads a picture, posts its key, asks how it ended and deletes the picture, until it all
 * worked or something was denied.
 */
export const trial = (
  stackPath: string,
  layerPath: string,
  change: Change,
  upload: Pick<PutObjectCommandInput, "ServerSideEncryption" | "SSEKMSKeyId"> = {},
): Promise<Trial> => tried(stackPath, layerPath, change, (runner, denied) => use(runner, denied, upload));

/** Runs the stack with one change, and `use` with it. */
export async function tried<Outcome extends object>(
  stackPath: string,
  layerPath: string,
  { name, apply }: Change,
  use: (runner: Runner, denied: readonly string[]) => Promise<Outcome>,
): Promise<Partial<Outcome> & Pick<Trial, "name" | "startError" | "denied">> {
  const folder = await mkdtemp(join(tmpdir(), "local-trial-"));
  // Beside the original, because the names of the zips are relative.
  const changed = join(dirname(stackPath), `${name.replace(/\W+/g, "-")}.tf.json`);
  await writeFile(changed, apply(await readFile(stackPath, "utf8")));
  const denied: string[] = [];
  let runner: Runner | undefined;
  try {
    runner = await startRunner({
      stackPath: changed,
      port: 0,
      awsPort: 0,
      codeFolder: folder,
      layerZip: async () => layerPath,
      log: (part, text) => {
        if (part === "iam") denied.push(text);
      },
    });
    return { name, ...(await use(runner, denied)), denied };
  } catch (error) {
    const none: Partial<Outcome> = {};
    return { ...none, name, startError: error instanceof Error ? error.message : String(error), denied };
  } finally {
    await runner?.stop();
    await removeCodeFolder(folder);
    await rm(changed);
  }
}

async function use(
  runner: Runner,
  denied: readonly string[],
  upload: Partial<PutObjectCommandInput>,
): Promise<Omit<Trial, "name" | "denied">> {
  const client = { endpoint: runner.awsUrl, region: runner.region, credentials: OPERATOR_CREDENTIALS };
  const s3 = new S3Client({ ...client, forcePathStyle: true });
  const sfn = new SFNClient(client);
  const {
    original_bucket_name: bucket,
    resized_bucket_name: resizedBucket,
    state_machine_arn: machine,
  } = runner.outputs;
  const picture = await sharp({ create: { width: 60, height: 40, channels: 3, background: "#336699" } })
    .jpeg()
    .toBuffer();
  await s3.send(new PutObjectCommand({ Bucket: String(bucket), Key: "cat.jpg", Body: picture, ...upload }));
  const response = await fetch(`${runner.apiUrl}/process`, {
    method: "POST",
    body: JSON.stringify({ key: "cat.jpg" }),
  });
  const answer: unknown = await response.json();
  const arn =
    typeof answer === "object" && answer !== null && "executionArn" in answer ? String(answer.executionArn) : undefined;

  const ended = async (count: number) => {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const { executions = [] } = await sfn.send(new ListExecutionsCommand({ stateMachineArn: String(machine) }));
      const over = executions.length === count && executions.every(({ status }) => status !== "RUNNING");
      if (over || denied.length > 0 || Date.now() > deadline) return executions;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const executions = await ended(2);
  const ofUpload = executions.find(({ executionArn }) => executionArn !== arn);
  const api = arn && (await sfn.send(new DescribeExecutionCommand({ executionArn: arn }))).status;
  const asked = arn && (await fetch(`${runner.apiUrl}/executions/${arn.split(":").at(-1)}`)).status;
  const delivered = (await fetch(`${runner.deliveryUrl}/thumb-cat.jpg`)).status;

  await s3.send(new DeleteObjectCommand({ Bucket: String(bucket), Key: "cat.jpg" }));
  const known = new Set(executions.map(({ executionArn }) => executionArn));
  const ofDeletion = (await ended(3)).find(({ executionArn }) => !known.has(executionArn));
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: String(resizedBucket) }));
  return {
    http: response.status,
    ...(api && { api }),
    ...(ofUpload?.status && { upload: ofUpload.status }),
    ...(asked && { asked }),
    delivered,
    ...(ofDeletion?.status && { deletion: ofDeletion.status }),
    left: Contents.filter(({ Key }) => Key?.includes("cat.jpg")).length,
  };
}
