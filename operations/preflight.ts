import { asText, runCommand } from "@image-pipeline/command";
import { environmentNamed } from "./environment-named";
import { preflight } from "./preflight/preflight";

const HELP = `npm run preflight -- [--env NAME]

Looks at what a deployment depends on before there is one: Terraform, account, region, sandboxes, quotas of Step Functions
against the throttle, names of the buckets and what a bucket that is there already has set, state, GitHub's identity provider. Changes nothing; needs AWS credentials that
may read. prod, unless told otherwise.

Exit status: 0 it can be deployed, 1 something has to be mended first, 2 AWS could not be asked.
`;

runCommand({
  name: "npm run preflight",
  help: HELP,
  options: { env: { type: "string", default: "prod" } },
  run: async ({ values }) => {
    const environment = environmentNamed(values.env);
    const findings = await preflight(environment, process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION);
    const table = {
      title: `${environment.name}: account ${environment.accountId}, ${environment.region}`,
      head: ["", "what", "found", "what to do"],
      rows: findings.map(({ verdict, subject, found, todo }) => [verdict, subject, found, todo]),
    };
    process.stdout.write(`${asText(table)}\n`);
    for (const command of findings.flatMap(({ commands = [] }) => commands)) process.stdout.write(`\n${command}\n`);
    if (findings.some(({ verdict }) => verdict === "fix")) process.exitCode = 1;
  },
});
