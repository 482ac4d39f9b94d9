import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { SFNClient } from "@aws-sdk/client-sfn";
import { type Command, CommandError, type Given, UsageError } from "@image-pipeline/command";
import type { Environment } from "../../environments/environment";
import { pipelineArns } from "../../environments/pipeline-arns";
import { asking } from "../answer-of-aws";
import { Backfill } from "./backfill";
import { BackfillRuns } from "./backfill-runs";

const HELP = `npm run backfill -- [--env NAME] [--prefix P | --keys LIST] [--renditions a,b] [--dry-run] [--yes]
npm run backfill -- [--env NAME] --watch | --stop | --redrive

Makes the renditions that are missing of pictures that are in the bucket already: those that are not there, of an older source
or of another preset. Counts the pictures, has some of them made without writing them, says how long all take and what they
cost, asks, starts, and shows how far it is. At the end it writes a CSV file of what failed. Given again, it makes only what
is missing still.

  --env NAME        prod unless told otherwise; the environment needs a backfill
  --prefix P        only keys that begin so
  --keys LIST       only these: s3://BUCKET/KEY or a file, CSV with a column "key" or a line of JSON with a "key" each
  --renditions a,b  which ones, 10 at most; thumbnail, which uploads make, unless told otherwise
  --dry-run         counts, measures and says what it would take
  --yes             does not ask

  --watch           shows how far the one that runs is; Ctrl-C leaves it running
  --stop            ends it; what is made stays
  --redrive         goes on with the one that was stopped or has failed

Talks to AWS, or to \`npm start\` where its aws.env is sourced. What it needs to be allowed is in docs/operations.md.
`;

// Throttled calls wait longer than the SDK's three tries would.
const MAX_ATTEMPTS = 10;
// handlers/resize-image/request.ts: a request for more is refused.
const MAX_RENDITIONS = 10;

const OPTIONS = {
  env: { type: "string", default: "prod" },
  prefix: { type: "string" },
  keys: { type: "string" },
  renditions: { type: "string" },
  "dry-run": { type: "boolean", default: false },
  yes: { type: "boolean", default: false },
  watch: { type: "boolean", default: false },
  stop: { type: "boolean", default: false },
  redrive: { type: "boolean", default: false },
} as const;

type Values = Given<typeof OPTIONS>["values"];

/** `npm run backfill`, with what finds an environment. */
export const backfillCommand = (environmentNamed: (name: string) => Environment): Command<typeof OPTIONS> => ({
  name: "npm run backfill",
  help: HELP,
  options: OPTIONS,
  run: async ({ values }) => {
    refuseContradictions(values);
    const environment = environmentNamed(values.env);
    const renditions = renditionsOf(values, environment);
    await asking(() => run(values, environment, renditions));
  },
});

async function run(values: Values, environment: Environment, renditions: readonly string[]): Promise<void> {
  const client = { region: environment.region, maxAttempts: MAX_ATTEMPTS };
  const backfill = new Backfill({
    environment,
    maxConcurrency: maxConcurrencyOf(environment),
    runs: new BackfillRuns(new SFNClient(client), pipelineArns(environment).backfillStateMachine),
    s3: new S3Client(client),
    lambda: new LambdaClient(client),
  });
  if (values.stop) return backfill.stop();
  if (values.redrive) return backfill.redrive();
  if (values.watch) return backfill.watch();
  const { prefix, keys, "dry-run": dryRun, yes } = values;
  return backfill.start({ prefix: prefix ?? "", keys, renditions, dryRun, yes });
}

function maxConcurrencyOf({ name, backfill }: Environment): number {
  if (backfill !== "none") return backfill.maxConcurrency;
  throw new CommandError(
    `--env: ${name} has no backfill: expected one such as backfill: { maxConcurrency: 40 } in environments/${name}.ts, deployed`,
  );
}

const ONE_OF = ["watch", "stop", "redrive"] as const;

function refuseContradictions(values: Values): void {
  const [one, other] = ONE_OF.filter((option) => values[option]);
  const [of] = (["prefix", "keys", "renditions"] as const).filter((option) => values[option] !== undefined);
  if (one !== undefined && other !== undefined) throw new UsageError(`expected one of --${one} and --${other}`);
  if (one !== undefined && of !== undefined) throw new UsageError(`expected no --${of} beside --${one}`);
  if (one !== undefined && values["dry-run"]) throw new UsageError(`expected no --dry-run beside --${one}`);
  if (values.prefix !== undefined && values.keys !== undefined)
    throw new UsageError("expected one of --prefix and --keys");
}

function renditionsOf({ renditions = "thumbnail" }: Values, { renditions: presets }: Environment): readonly string[] {
  const names = renditions.split(",").map((name) => name.trim());
  const unknown = names.find((name) => !Object.hasOwn(presets, name));
  if (unknown !== undefined) {
    throw new UsageError(
      `--renditions: expected names of ${Object.keys(presets).join(", ")} but received ${unknown || "nothing"}`,
    );
  }
  if (new Set(names).size < names.length)
    throw new UsageError(`--renditions: expected each name once but received ${renditions}`);
  if (names.length > MAX_RENDITIONS) {
    throw new UsageError(
      `--renditions: expected at most ${MAX_RENDITIONS}, which is what one request makes, but received ${names.length}: run it once for each ${MAX_RENDITIONS}`,
    );
  }
  return names;
}
