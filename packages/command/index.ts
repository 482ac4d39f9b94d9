export { CommandError, command } from "./command";
export { readJson } from "./read-json";
