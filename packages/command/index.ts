export { CommandError, command } from "./command";
export { readJson } from "./read-json";
export { asMarkdown, asText, type Table } from "./table";
