import { SFNClient } from "@aws-sdk/client-sfn";
import { SQSClient } from "@aws-sdk/client-sqs";
import { asText, type Given, progressOnTerminal, runCommand, UsageError } from "@image-pipeline/command";
import { pipelineArns } from "../environments/pipeline-arns";
import { agreed } from "./agreed";
import { asking } from "./answer-of-aws";
import { environmentNamed } from "./environment-named";
import { DeadLetters, deadLetterQueuesOf } from "./replay/dead-letters";
import { planTable, Replay, sizeOf } from "./replay/replay";
import { since } from "./replay/since";

const HELP = `npm run replay -- [--env NAME] [--since 24h] [--error NAME ...] [--dead-letters] [--dry-run] [--yes]

Lists the executions that failed, by error, and brings them back: redrives those that can go on in the state that failed, and
starts the others anew with the same input. Broken off and started again, it does nothing twice.

  --env NAME      prod unless told otherwise
  --since TIME    failed within the last 30m, 24h, 14d; 24h unless told otherwise
  --error NAME    only these errors; without it, the faults of services, which may pass: no refusal and nothing aborted
  --dead-letters  uploads and deletions that could not be started, too; those that went through are deleted from the queue
  --dry-run       only lists
  --yes           does not ask

Talks to AWS, or to \`npm start\` where its aws.env is sourced. Needs states:ListExecutions, DescribeExecution,
GetExecutionHistory, RedriveExecution and StartExecution, and for dead letters sqs:GetQueueUrl, ReceiveMessage,
ChangeMessageVisibility and DeleteMessage.
`;

// Throttled calls wait longer than the SDK's three tries would.
const MAX_ATTEMPTS = 10;

const OPTIONS = {
  env: { type: "string", default: "prod" },
  since: { type: "string", default: "24h" },
  error: { type: "string", multiple: true },
  "dead-letters": { type: "boolean", default: false },
  "dry-run": { type: "boolean", default: false },
  yes: { type: "boolean", default: false },
} as const;

runCommand({
  name: "npm run replay",
  help: HELP,
  options: OPTIONS,
  allowPositionals: true,
  run: async ({ values, positionals }) => {
    // `--error A B` is two errors; a name after nothing is a slip.
    if (positionals.length > 0 && values.error === undefined) {
      throw new UsageError(`expected --error before ${positionals.join(" ")}`);
    }
    await asking(() => bringBack(values, [...(values.error ?? []), ...positionals]));
  },
});

type Values = Given<typeof OPTIONS>["values"];

async function bringBack(values: Values, errors: readonly string[]): Promise<void> {
  const from = since(values.since, new Date());
  const environment = environmentNamed(values.env);
  const client = { region: environment.region, maxAttempts: MAX_ATTEMPTS };
  const letters = values["dead-letters"]
    ? await DeadLetters.of(new SQSClient(client), deadLetterQueuesOf(environment), environment.resizedBucketName)
    : undefined;
  const replay = new Replay(
    new SFNClient(client),
    pipelineArns(environment).stateMachine,
    letters,
    progressOnTerminal(),
  );

  const plan = await replay.plan(from, errors);
  const size = sizeOf(plan);
  const title = `${environment.name}: failed since ${from.toISOString().slice(0, 16)}Z`;
  process.stdout.write(`${asText(planTable(plan, title))}\n`);
  const act = size > 0 && !values["dry-run"] && (values.yes || (await agreed(`Bring back ${size}?`)));
  if (!act) {
    await replay.release(plan);
    process.stdout.write("nothing was changed\n");
    return;
  }
  const { redriven, startedAnew, lettersSent } = await replay.run(plan);
  process.stdout.write(`redriven ${redriven}, started anew ${startedAnew}, dead letters sent again ${lettersSent}\n`);
}
