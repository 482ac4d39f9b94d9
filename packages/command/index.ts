export { type Command, CommandError, type Given, given, runCommand, UsageError, wholeNumber } from "./command";
export { type Progress, progressOnTerminal } from "./progress";
export { readJson } from "./read-json";
export { asMarkdown, asText, type Table } from "./table";
