export { type Runner, type RunnerOptions, startRunner } from "./runner";
