import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asText, CommandError, runCommand, type Table, wholeNumber } from "@image-pipeline/command";
import { LIST_PRICES } from "@image-pipeline/price-list";
import { type Burst, playBurst, type Retrier } from "./queue";
import { seededRandom } from "./seeded-random";
import { synthesizeInto } from "./synthesize";

const HELP = `npm run bench:burst [-- [--seed N] [--env NAME]]

Plays bursts of uploads against few sandboxes with the retriers of the synthesized state machine: how many are lost, retries
each, the slowest, and the time all took beside the floor, which is the work spread over all sandboxes. A model: nothing runs.
`;

const BURSTS: readonly Burst[] = [
  { uploads: 5_000, uploadsPerSecond: 150, secondsEach: 1, sandboxes: 50 },
  { uploads: 5_000, uploadsPerSecond: 150, secondsEach: 0.4, sandboxes: 10 },
  { uploads: 20_000, uploadsPerSecond: 150, secondsEach: 0.4, sandboxes: 50 },
  { uploads: 20_000, uploadsPerSecond: 150, secondsEach: 0.4, sandboxes: 10 },
  { uploads: 200_000, uploadsPerSecond: 150, secondsEach: 0.4, sandboxes: 10 },
];

const THROTTLED = "Lambda.TooManyRequestsException";

runCommand({
  name: "npm run bench:burst",
  help: HELP,
  options: { seed: { type: "string", default: "1" }, env: { type: "string", default: "prod" } },
  run: ({ values }) => {
    const seed = wholeNumber("--seed", values.seed);
    const folder = mkdtempSync(join(tmpdir(), "bench-burst-"));
    try {
      const retrier = throttlingRetrier(JSON.parse(readFileSync(synthesizeInto(folder, values.env), "utf8")));
      process.stdout.write(`${JSON.stringify(retrier)}\n\n${asText(table(retrier, seed))}\n`);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
});

/** The retrier that a throttled invocation meets first. */
function throttlingRetrier(stack: { readonly resource: Readonly<Record<string, Readonly<Record<string, Resource>>>> }) {
  const [machine] = Object.values(stack.resource.aws_sfn_state_machine ?? {});
  const retriers: readonly (Retrier & { readonly ErrorEquals: readonly string[] })[] = JSON.parse(
    machine?.definition ?? "{}",
  ).States?.ResizeImage?.Retry;
  const retrier = retriers?.find(({ ErrorEquals }) => ErrorEquals.includes(THROTTLED));
  if (retrier === undefined)
    throw new CommandError(`expected a retrier of ResizeImage for ${THROTTLED} but found none`);
  return retrier;
}

interface Resource {
  readonly definition?: string;
}

function table(retrier: Retrier, seed: number): Table {
  const rows = BURSTS.map((burst) => {
    const outcome = playBurst(burst, retrier, seededRandom(seed));
    const seconds = (value: number) => `${Math.round(value).toLocaleString("en-US")} s`;
    return [
      `${burst.uploads.toLocaleString("en-US")} x ${burst.secondsEach} s on ${burst.sandboxes}`,
      String(outcome.lost),
      outcome.retriesEach.toFixed(1),
      String(outcome.mostRetries),
      // Each retry is a state transition of a Standard execution.
      `$${(outcome.retriesEach * burst.uploads * LIST_PRICES.standardTransition).toFixed(2)}`,
      seconds(outcome.slowestSeconds),
      seconds(outcome.seconds),
      seconds(outcome.floorSeconds),
      (outcome.seconds / outcome.floorSeconds).toFixed(2),
    ];
  });
  const head = ["burst", "lost", "retries each", "most", "cost of retries", "slowest", "took", "floor", "ratio"];
  return { title: "Bursts of uploads, 150 a second", head, rows };
}
