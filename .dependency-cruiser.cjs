// The direction of imports, as the README draws it: data flows down, nothing reaches up.
// Terms: https://github.com/sverweij/dependency-cruiser/blob/main/doc/rules-reference.md

const room = (name) => `^${name}/`;

/** Tests may look behind every door. */
const tests = "(^|/)__tests__/|\\.test\\.ts$";

/** The ends of the line: what people and workflows start. Nothing imports them. */
const ends = "^(main\\.ts|operations/|ci/|bench/)";

/** The services of AWS that run locally, a folder each. */
const LOCAL_SERVICE = "^packages/local-aws/(s3|lambda|step-functions|http-api|events|sqs|sns|delivery)/";

/** What is put together of services: a page that shows them, and a second pipeline to try a preset in. */
const LOCAL_ROOMS = "^packages/local-aws/(console|workshop)/";

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: "no-cycles",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "no-folder-cycles",
      comment: "Between folders side by side; what a folder and those inside it share stands in the outer one.",
      severity: "error",
      scope: "folder",
      from: {},
      to: { circular: true },
    },
    {
      name: "main-composes",
      comment: "main.ts puts environments, stacks and packaging together and knows nothing else of ours.",
      severity: "error",
      from: { path: "^main\\.ts$" },
      to: { path: "^(handlers|packages|operations|ci|bench|__tests__)/" },
    },
    {
      name: "environments-are-data",
      comment: "The type of a rendition's preset is the function's own; the schema checks that data has it.",
      severity: "error",
      from: { path: room("environments") },
      to: { pathNot: `${room("environments")}|^handlers/[^/]+/config\\.ts$|^node_modules/` },
    },
    {
      name: "environments-know-only-types-of-the-handlers-config",
      severity: "error",
      from: { path: room("environments") },
      to: { path: room("handlers"), dependencyTypesNot: ["type-only"] },
    },
    {
      name: "stacks-take-artifacts-as-props",
      comment: "A construct never runs a build, so a unit test can hand it a fixture zip.",
      severity: "error",
      from: { path: room("stacks") },
      to: {
        path: "^(packaging|packages|operations|ci|bench|handlers|__tests__)/",
        pathNot: "^(handlers/[^/]+/config\\.ts$|packaging/artifact\\.ts$|packages/(iam-policy|price-list)/)",
      },
    },
    {
      name: "stacks-know-only-types-of-data",
      comment: "But for the names of what they make, which operations and ci look it up by, and its ARNs.",
      severity: "error",
      from: { path: room("stacks") },
      to: {
        path: "^(environments|packaging|handlers)/",
        pathNot: "^environments/(names|pipeline-arns)\\.ts$",
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "handlers-are-lean",
      comment: "A function bundle carries the AWS SDK, sharp and Node, nothing of the infrastructure code.",
      severity: "error",
      from: { path: room("handlers") },
      to: {
        path: "^(stacks|environments|packaging|packages|operations|ci|bench|__tests__|main)|node_modules/(cdktf|constructs|@cdktf)/",
      },
    },
    {
      name: "packaging-is-a-leaf",
      comment: "It reads the handlers as files to bundle and imports nothing of ours but what makes a command.",
      severity: "error",
      from: { path: room("packaging") },
      to: {
        path: "^(handlers|stacks|environments|packages|operations|ci|bench|__tests__|main)",
        pathNot: "^packages/command/index\\.ts$",
      },
    },
    {
      name: "packages-know-nothing-of-the-application",
      comment:
        "A tool sees the synthesized stack, plans and zips, as AWS does; local-aws builds the zips for this machine.",
      severity: "error",
      from: { path: room("packages"), pathNot: tests },
      to: {
        path: "^(stacks|handlers|environments|packaging|operations|ci|bench|main)",
        pathNot: "^packaging/sharp-layer\\.ts$",
      },
    },
    {
      name: "leaf-packages",
      severity: "error",
      from: { path: "^packages/(iam-policy|state-machine|command|price-list)/", pathNot: tests },
      to: { path: room("packages"), pathNot: "^packages/$1/" },
    },
    {
      name: "packages-have-one-door",
      severity: "error",
      from: { path: "^(?!packages/)|^packages/([^/]+)/", pathNot: tests },
      to: { path: "^packages/[^/]+/", pathNot: ["^packages/[^/]+/index\\.ts$", "^packages/$1/"] },
    },
    {
      name: "local-stack-iam-and-endpoint-know-no-service",
      severity: "error",
      from: { path: "^packages/local-aws/(stack|iam|endpoint|event-rules)/" },
      to: { path: `${LOCAL_SERVICE}|${LOCAL_ROOMS}|^packages/local-aws/runner\\.ts$` },
    },
    {
      name: "local-services-meet-in-the-runner",
      comment: "What a service calls of another one stands in stack/running.ts, and the runner gives it.",
      severity: "error",
      from: { path: LOCAL_SERVICE, pathNot: tests },
      to: {
        path: `${LOCAL_SERVICE}|${LOCAL_ROOMS}|^packages/local-aws/runner\\.ts$`,
        pathNot: "^packages/local-aws/$1/",
      },
    },
    {
      name: "console-shows-what-it-is-given",
      comment: "Executions and objects it knows as types: the runner gives it those that there are, and a workshop.",
      severity: "error",
      from: { path: "^packages/local-aws/console/", pathNot: tests },
      to: { path: LOCAL_SERVICE, dependencyTypesNot: ["type-only"] },
    },
    {
      name: "console-knows-no-workshop",
      severity: "error",
      from: { path: "^packages/local-aws/console/", pathNot: tests },
      to: { path: "^packages/local-aws/(workshop/|runner\\.ts$)" },
    },
    {
      name: "console-page-knows-what-the-wire-carries",
      comment: "It runs in a browser: of the server it has types, and of everything else nothing.",
      severity: "error",
      from: { path: "^packages/local-aws/console/page/" },
      to: { pathNot: "^packages/local-aws/console/(page/|(wire|preset|key-path)\\.ts$)|^node_modules/preact/" },
    },
    {
      name: "operations-see-what-is-deployed",
      comment:
        "They run against a pipeline, here or on AWS, and know it by its environment, its outputs and AWS's answers.",
      severity: "error",
      from: { path: room("operations"), pathNot: tests },
      to: { path: "^(stacks|handlers|packaging)/|^packages/(local-aws|plan-review|state-machine|iam-policy)/" },
    },
    {
      name: "ci-reviews-and-deploys",
      comment: "Terraform's plans and outputs it finds by the names of environments.",
      severity: "error",
      from: { path: room("ci"), pathNot: tests },
      to: {
        path: "^(stacks|handlers|packaging)/|^packages/(local-aws|state-machine|iam-policy|price-list)/",
      },
    },
    {
      name: "cdktf-only-in-stacks",
      comment: "Its successor keeps the file formats, not the package: one place to change.",
      severity: "error",
      from: { pathNot: `^(main\\.ts|stacks/)|${tests}` },
      to: { path: "node_modules/(cdktf|constructs|@cdktf)/" },
    },
    {
      name: "nothing-imports-the-ends",
      severity: "error",
      from: { pathNot: `${ends}|${tests}` },
      to: { path: ends },
    },
    {
      name: "ends-do-not-meet",
      severity: "error",
      from: { path: ends, pathNot: tests },
      to: { path: ends, pathNot: "^$1" },
    },
    {
      name: "no-production-import-of-tests",
      severity: "error",
      from: { pathNot: tests },
      to: { path: tests },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(cdktf\\.out|\\.build|\\.local)/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
  },
};
