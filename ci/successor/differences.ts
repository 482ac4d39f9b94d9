import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

/** The files of a folder, however deep, by their path in it; what is JSON is parsed, of the rest there are the bytes as base64. */
export function contentsOf(folder: string): ReadonlyMap<string, unknown> {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8", withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  return new Map(
    paths.sort().map((path) => {
      const bytes = readFileSync(path);
      return [
        path.slice(folder.length + 1),
        path.endsWith(".json") ? JSON.parse(String(bytes)) : bytes.toString("base64"),
      ];
    }),
  );
}

/** What the successor writes otherwise in a file, by its name: versions, and the provider's full name. */
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  "manifest.json": ['version: "0.21.0" -> "0.24.0"'],
  "cdk.tf.json": [
    '//.metadata.version: "0.21.0" -> "0.24.0"',
    'terraform.required_providers.aws.source: "aws" -> "hashicorp/aws"',
    'terraform.required_providers.aws.version: "6.25.0" -> "6.66.0"',
  ],
};

/** What CDKTF and its successor synthesize otherwise than expected, a line each; also what they were expected to and do not. */
export function successorFaults(
  before: ReadonlyMap<string, unknown>,
  after: ReadonlyMap<string, unknown>,
): readonly string[] {
  const files = [...new Set([...before.keys(), ...after.keys()])];
  return files.flatMap((file) => {
    const found = differences(before.get(file), after.get(file));
    const expected = EXPECTED[basename(file)] ?? [];
    return [
      ...found.filter((line) => !expected.includes(line)).map((line) => `${file}: ${line}`),
      ...expected.filter((line) => !found.includes(line)).map((line) => `${file}: expected ${line}`),
    ];
  });
}

/** Every value that is another one after than before, a line each: `path.of.value: before -> after`. */
function differences(before: unknown, after: unknown): readonly string[] {
  const [old, now] = [valuesOf(before), valuesOf(after)];
  const paths = [...new Set([...old.keys(), ...now.keys()])];
  return paths
    .filter((path) => old.get(path) !== now.get(path))
    .map((path) => `${path}: ${old.get(path) ?? "nothing"} -> ${now.get(path) ?? "nothing"}`);
}

/** Numbers, words and empty objects of a JSON value, as JSON, by where they stand. */
function valuesOf(value: unknown, path = ""): ReadonlyMap<string, string> {
  if (value === undefined) return new Map();
  const fields = typeof value === "object" && value !== null ? Object.entries(value) : [];
  if (fields.length === 0) return new Map([[path, JSON.stringify(value)]]);
  return new Map(fields.flatMap(([name, field]) => [...valuesOf(field, path === "" ? name : `${path}.${name}`)]));
}
