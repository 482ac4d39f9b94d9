// The direction of imports, as the README draws it: data flows down, nothing reaches up.
// Terms: https://github.com/sverweij/dependency-cruiser/blob/main/doc/rules-reference.md

const room = (name) => `^${name}/`;

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
      name: "main-composes",
      comment: "main.ts puts environments, stacks and packaging together and knows nothing else of ours.",
      severity: "error",
      from: { path: "^main\\.ts$" },
      to: { path: "^(handlers|local|scripts|__tests__)/" },
    },
    {
      name: "environments-are-data",
      severity: "error",
      from: { path: room("environments") },
      to: { pathNot: room("environments") },
    },
    {
      name: "stacks-take-artifacts-as-props",
      comment: "A construct never runs a build, so a unit test can hand it a fixture zip.",
      severity: "error",
      from: { path: room("stacks") },
      to: { path: "^(packaging|local|scripts|handlers|__tests__)/", pathNot: "^handlers/[^/]+/config\\.ts$" },
    },
    {
      name: "stacks-know-only-types-of-the-handlers-config",
      severity: "error",
      from: { path: room("stacks") },
      to: { path: "^(environments|handlers/[^/]+/config\\.ts)", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "handlers-are-lean",
      comment: "A function bundle carries the AWS SDK, sharp and Node, nothing of the infrastructure code.",
      severity: "error",
      from: { path: room("handlers") },
      to: {
        path: "^(stacks|environments|packaging|local|scripts|__tests__|main)|node_modules/(cdktf|constructs|@cdktf)/",
      },
    },
    {
      name: "packaging-is-a-leaf",
      comment: "It reads the handlers as files to bundle and imports nothing of ours.",
      severity: "error",
      from: { path: room("packaging") },
      to: { path: "^(handlers|stacks|environments|local|scripts|__tests__|main)" },
    },
    {
      name: "local-reads-cdktf-out",
      comment: "The local runner sees the synthesized stack and the zips, as AWS does.",
      severity: "error",
      from: { path: room("local") },
      to: { path: "^(stacks|handlers|environments|__tests__|main)" },
    },
    {
      name: "cdktf-only-in-stacks",
      comment: "Its successor keeps the file formats, not the package: one place to change.",
      severity: "error",
      from: { pathNot: "^(main\\.ts|stacks/|__tests__/)" },
      to: { path: "node_modules/(cdktf|constructs|@cdktf)/" },
    },
    {
      name: "nothing-imports-the-ends",
      severity: "error",
      from: { pathNot: "^(__tests__|local|scripts|bench)/" },
      to: { path: "^(main\\.ts|local/|scripts/|bench/|__tests__/)" },
    },
    {
      name: "ends-do-not-meet",
      comment:
        "The bench measures the handlers and the local runner; nothing else at the end of the line knows another.",
      severity: "error",
      from: { path: "^(local|scripts)/" },
      to: { path: "^(main\\.ts|bench/|local/|scripts/)", pathNot: "^$1/" },
    },
    {
      name: "no-production-import-of-tests",
      severity: "error",
      from: { pathNot: "^__tests__/" },
      to: { path: "^__tests__/" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(cdktf\\.out|\\.build|\\.local)/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
  },
};
