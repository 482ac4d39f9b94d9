import { createHash } from "node:crypto";
import { type IntrinsicFunction, MAX_CHARACTERS, RefusedArgument, textArgument } from "./intrinsic-function";
import { printJson, readJson } from "./json-text";
import type { Json } from "./scope";

const FAILURE = "States.IntrinsicFailure";

/** Algorithms of `States.Hash` and `$hash` (docs: intrinsic-functions) by AWS's name, with Node's. */
export const hashAlgorithms: ReadonlyMap<string, string> = new Map([
  ["MD5", "md5"],
  ["SHA-1", "sha1"],
  ["SHA-256", "sha256"],
  ["SHA-384", "sha384"],
  ["SHA-512", "sha512"],
]);

/** The intrinsic functions for text (docs: intrinsic-functions). */
export const textFunctions = {
  Format: { arity: [1, Number.POSITIVE_INFINITY], rawFirst: true, run: format },
  StringSplit: { arity: [2, 2], run: split },
  StringToJson: { arity: [1, 1], run: toJson },
  JsonToString: { arity: [1, 1], run: ([value = null]) => printJson(value, FAILURE) },
  Base64Encode: {
    arity: [1, 1],
    run: ([data]) => Buffer.from(textArgument(data, "data", MAX_CHARACTERS)).toString("base64"),
  },
  Base64Decode: { arity: [1, 1], run: ([data]) => decode(textArgument(data, "data", MAX_CHARACTERS)) },
  Hash: { arity: [2, 2], run: hash },
} as const satisfies Record<string, IntrinsicFunction>;

function format([template, ...values]: readonly Json[]): Json {
  let next = 0;
  const text = textArgument(template, "template").replaceAll(/\\(['{}\\])|\{\}/g, (_all, escaped?: string) => {
    if (escaped !== undefined) return escaped;
    const value = values[next++];
    if (value === undefined) return "";
    return typeof value === "string" ? value : printJson(value, FAILURE);
  });
  if (next !== values.length) throw new RefusedArgument(`${next} values for the template's {}`, values.length);
  return text;
}

/** Every character of the second argument is a delimiter; empty pieces are left out. */
function split([text, delimiters]: readonly Json[]): Json {
  const between = new Set(textArgument(delimiters, "delimiters"));
  const pieces: string[] = [];
  let piece = "";
  for (const character of textArgument(text, "text")) {
    if (!between.has(character)) piece += character;
    else if (piece !== "") {
      pieces.push(piece);
      piece = "";
    }
  }
  if (piece !== "") pieces.push(piece);
  return pieces;
}

function toJson([text]: readonly Json[]): Json {
  const value = readJson(textArgument(text, "text"), FAILURE);
  if (value === undefined) throw new RefusedArgument("a string that is JSON text", text);
  return value;
}

function decode(data: string): Json {
  const padded = data.endsWith("=");
  const right = /^[A-Za-z0-9+/]*={0,2}$/.test(data) && (padded ? data.length % 4 === 0 : data.length % 4 !== 1);
  if (!right) throw new RefusedArgument("a Base64 string", data);
  return Buffer.from(data, "base64").toString("utf8");
}

function hash([data, name]: readonly Json[]): Json {
  const algorithm = hashAlgorithms.get(textArgument(name, "algorithm"));
  if (algorithm === undefined) throw new RefusedArgument(`one of ${[...hashAlgorithms.keys()].join(", ")}`, name);
  return createHash(algorithm)
    .update(textArgument(data, "data", MAX_CHARACTERS))
    .digest("hex");
}
