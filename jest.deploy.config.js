// npm run test:deploy: the real CDKTF CLI, Terraform and AWS provider against Moto. Minutes, so apart from npm test.
/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "node",
  roots: ["<rootDir>/__tests__"],
  testMatch: ["**/*.deploy.ts"],
  transform: { "^.+\\.ts$": "ts-jest" },
  globalSetup: "<rootDir>/__tests__/deploy/support/required-tools.ts",
  // The files wait for Terraform most of the time, so they run side by side whatever the number of processors.
  maxWorkers: 3,
  testTimeout: 900_000,
  verbose: true,
};
