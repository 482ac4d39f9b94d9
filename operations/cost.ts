import { asText, runCommand, UsageError, wholeNumber } from "@image-pipeline/command";
import { environmentNamed } from "./environment-named";
import { costTable, estimateCost } from "./estimate-cost";

const HELP = `npm run cost -- --pictures N [--renditions N] [--mb N] [--env NAME]

What pictures cost in an environment, per part, from its settings and AWS's list prices; beside it what the same pictures
cost as a backfill. Nothing is asked of AWS.

  --pictures N    how many
  --renditions N  made of each; 3 unless told otherwise
  --mb N          size of each in megabytes; 3 unless told otherwise
  --env NAME      whose settings; prod unless told otherwise
`;

runCommand({
  name: "npm run cost",
  help: HELP,
  options: {
    pictures: { type: "string", default: "" },
    renditions: { type: "string", default: "3" },
    mb: { type: "string", default: "3" },
    env: { type: "string", default: "prod" },
  },
  run: ({ values }) => {
    const workload = {
      pictures: wholeNumber("--pictures", values.pictures, 1),
      renditionsEach: wholeNumber("--renditions", values.renditions, 1),
      megabytesEach: positive("--mb", values.mb),
    };
    process.stdout.write(`${asText(costTable(workload, estimateCost(environmentNamed(values.env), workload)))}\n`);
  },
});

function positive(option: string, text: string): number {
  const number = Number(text);
  if (Number.isFinite(number) && number > 0) return number;
  throw new UsageError(`${option}: expected a number above 0 but received ${text}`);
}
