const { join } = require("node:path");

// Dozens of tests start a Node process of the project's own; the first one compiles for all.
process.env.NODE_COMPILE_CACHE ??= join(__dirname, ".build", "compile-cache");

/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "node",
  roots: ["<rootDir>/__tests__", "<rootDir>/packages"],
  testMatch: ["**/*.test.ts"],
  transform: {
    "^.+\\.ts$": "ts-jest",
    // ES modules, of which Jest wants CommonJS.
    "/(thumbhash|jose)/.+\\.js$": [
      "ts-jest",
      { tsconfig: { allowJs: true, module: "commonjs", isolatedModules: true } },
    ],
  },
  transformIgnorePatterns: ["/node_modules/(?!(thumbhash|jose)/)"],
  // A worker for each processor: Jest keeps one of them to itself, which is half of a machine with two.
  maxWorkers: "100%",
  // Tests that run side by side (it.concurrent) wait for other processes.
  maxConcurrency: 12,
  // Nothing is timed; whoever starts processes on a busy machine may wait long for them.
  testTimeout: 120_000,
  // npm run coverage: shown, with no threshold. Data, tests and what only starts other files are not counted.
  coverageProvider: "v8",
  coverageReporters: ["text"],
  collectCoverageFrom: [
    "{environments,stacks,handlers,packaging,operations,ci,packages}/**/*.ts",
    "!**/__tests__/**",
    "!**/index.ts",
  ],
  // A stack test that fails should leave the mocks of one test out of the next.
  restoreMocks: true,
};
