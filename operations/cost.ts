import { parseArgs } from "node:util";
import { asText, CommandError, command } from "@image-pipeline/command";
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

command("npm run cost", () => {
  const options = {
    pictures: { type: "string" },
    renditions: { type: "string", default: "3" },
    mb: { type: "string", default: "3" },
    env: { type: "string", default: "prod" },
    help: { type: "boolean", default: false },
  } as const;
  const { values } = parseArgs({ options });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const workload = {
    pictures: wholeNumber("--pictures", values.pictures),
    renditionsEach: wholeNumber("--renditions", values.renditions),
    megabytesEach: positive("--mb", values.mb),
  };
  process.stdout.write(`${asText(costTable(workload, estimateCost(environmentNamed(values.env), workload)))}\n`);
});

function positive(option: string, value: string | undefined): number {
  const number = Number(value);
  if (Number.isFinite(number) && number > 0) return number;
  throw new CommandError(`${option}: expected a number above 0 but received ${value ?? "nothing"}; see --help`);
}

function wholeNumber(option: string, value: string | undefined): number {
  const number = positive(option, value);
  if (Number.isInteger(number)) return number;
  throw new CommandError(`${option}: expected a whole number but received ${value}; see --help`);
}
