/**
 * Takes each statement of a backfill out of a synthesized stack in turn, and out of a permissions boundary around all of its
 * roles, and tries the backfill: stopped, redriven, and by a list. Prints one trial a line, as JSON.
 * Usage: tsx backfill-trials.ts <cdk.tf.json>
 */
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import {
  DescribeExecutionCommand,
  ListMapRunsCommand,
  RedriveExecutionCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from "@aws-sdk/client-sfn";
import sharp from "sharp";
import { OPERATOR_CREDENTIALS } from "../../iam/credentials";
import type { Runner } from "../../runner";
import { tried } from "./local-trial";
import { printTrials } from "./print-trials";

const LOOK_MS = 20;
const OF_BACKFILL = /^nothing$|\.backfill_access_|(Read|Find)Renditions$/;
const OF_ITS_BOUNDARY = /^boundary( \w*(Children|ListOriginals|ReadLists|WriteResults|Renditions))?$/;

/** How the executions ended, as far as nothing was denied. */
interface Ended {
  readonly redriven: string;
  readonly byList: string;
}

async function use(runner: Runner, denied: readonly string[]): Promise<Ended> {
  const client = { endpoint: runner.awsUrl, region: runner.region, credentials: OPERATOR_CREDENTIALS };
  const s3 = new S3Client({ ...client, forcePathStyle: true });
  const sfn = new SFNClient(client);
  const {
    original_bucket_name: bucket,
    backfill_bucket_name: lists,
    backfill_state_machine_arn: machine,
  } = runner.outputs;
  const picture = await sharp({ create: { width: 60, height: 40, channels: 3, background: "#369" } })
    .jpeg()
    .toBuffer();
  await s3.send(new PutObjectCommand({ Bucket: String(bucket), Key: "cat.jpg", Body: picture }));
  await s3.send(new PutObjectCommand({ Bucket: String(lists), Key: "lists/one.csv", Body: "key\ncat.jpg\n" }));
  const start = async (input: object): Promise<string> => {
    const command = new StartExecutionCommand({ stateMachineArn: String(machine), input: JSON.stringify(input) });
    return (await sfn.send(command)).executionArn ?? "";
  };
  /** How it ended; where something was denied, how it is. */
  const end = async (executionArn: string): Promise<string> => {
    for (;;) {
      const { status = "" } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
      if (status !== "RUNNING" || denied.length > 0) return status;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  };

  const executionArn = await start({});
  for (let begun = false; !begun && denied.length === 0; ) {
    const { mapRuns = [] } = await sfn.send(new ListMapRunsCommand({ executionArn }));
    begun = mapRuns.length > 0;
  }
  await sfn.send(new StopExecutionCommand({ executionArn }));
  if (denied.length === 0) await sfn.send(new RedriveExecutionCommand({ executionArn }));
  const redriven = await end(executionArn);
  return { redriven, byList: denied.length > 0 ? "" : await end(await start({ keys: "lists/one.csv" })) };
}

printTrials(
  ({ name }) => OF_BACKFILL.test(name) || OF_ITS_BOUNDARY.test(name),
  (stackPath, layer, change) => tried(stackPath, layer, change, use),
);
