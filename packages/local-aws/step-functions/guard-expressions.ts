import { isJsonObject, type Json, type JsonObject } from "../json";
import { UnsupportedError } from "../stack/unsupported-error";

/**
 * The functions that give the same here as in Step Functions. The interpreter's Format, JsonToString and StringSplit drop
 * backslashes, its Hash is wrong from 56 bytes on, its MathAdd and ArrayRange do not round, and so on.
 */
const FUNCTIONS = new Set([
  "States.Array",
  "States.ArrayContains",
  "States.ArrayLength",
  "States.ArrayUnique",
  "States.UUID",
]);

/** What a call is made of; the interpreter splits arguments wrongly at what else there may be. */
const PART = /\s+|,|\)|(?<name>States\.\w+)\(|'[^'()\\]*'|\${1,2}[^\s,()'\\]*|\d+|true|false|null/y;

const CONTEXT = /^\$\$\.(?:Execution\.(?:Id|Input|Name|RoleArn|StartTime)|StateMachine\.(?:Id|Name))\b/;

/** Refuses paths and functions of a state that the interpreter does not understand as Step Functions does. */
export function guardExpressions(state: JsonObject, address: string): void {
  for (const [field, text] of expressionsOf(state)) {
    const at = `${address} ${field}`;
    if (text.startsWith("$")) refuseContextOfStates(text, at);
    else if (field.endsWith(".$")) guardCall(text, at);
  }
}

/** The strings that are evaluated, with the names of their fields. */
function expressionsOf(block: Json): readonly (readonly [string, string])[] {
  if (Array.isArray(block)) return block.flatMap(expressionsOf);
  if (!isJsonObject(block)) return [];
  return Object.entries(block).flatMap(([field, value]) => {
    // What a Pass gives is taken as it is.
    if (field === "Result") return [];
    if (typeof value !== "string") return expressionsOf(value);
    return /\.\$$|Path$|^Variable$/.test(field) ? [[field, value] as const] : [];
  });
}

function guardCall(text: string, address: string): void {
  for (let at = 0; at < text.length; at = PART.lastIndex) {
    PART.lastIndex = at;
    const part = PART.exec(text);
    if (part === null) throw new UnsupportedError(address, `"${text}" is not understood from "${text.slice(at)}" on`);
    const name = part.groups?.name;
    if (name !== undefined && !FUNCTIONS.has(name)) {
      throw new UnsupportedError(
        address,
        `the function ${name} is not understood; understood are ${[...FUNCTIONS].join(", ")}`,
      );
    }
    if (part[0].startsWith("$")) refuseContextOfStates(part[0], address);
  }
}

/** The interpreter's context object has no State, Task or Map. */
function refuseContextOfStates(path: string, address: string): void {
  if (path.startsWith("$$") && !CONTEXT.test(path))
    throw new UnsupportedError(address, `the context object path ${path} is not understood`);
}
