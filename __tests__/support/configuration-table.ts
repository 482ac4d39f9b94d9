import { type GenericSchema, getDescription } from "valibot";
import { expectation } from "../../environments/expectations";

/** A schema, and where Valibot keeps the schemas it is made of. */
interface Composite extends GenericSchema {
  /** Of an object. */
  readonly entries?: Readonly<Record<string, Composite>>;
  /** Of what is optional, or may be a word instead. */
  readonly wrapped?: Composite;
  /** Of the names of a map. */
  readonly key?: Composite;
  /** Of the values of a map. */
  readonly value?: Composite;
  /** Of a list. */
  readonly item?: Composite;
}

/** The fields of `schema` as a Markdown table; nested ones have the path that the message of a fault has. */
export function configurationTable(schema: Composite): string {
  return ["| field | meaning | expected |", "|---|---|---|", ...rowsBelow(schema, "")].join("\n");
}

function rowsBelow(schema: Composite, path: string): string[] {
  const { entries = {}, wrapped, value, item } = schema;
  return [
    ...Object.entries(entries).flatMap(([name, field]) => row(field, path === "" ? name : `${path}.${name}`)),
    ...(wrapped ? rowsBelow(wrapped, path) : []),
    ...(value ? rowsBelow(value, `${path}.*`) : []),
    ...(item ? rowsBelow(item, `${path}[]`) : []),
  ];
}

function row(field: Composite, path: string): string[] {
  const isOptional = field.type === "exact_optional";
  const schema = isOptional && field.wrapped ? field.wrapped : field;
  const meaning = getDescription(schema);
  if (meaning === undefined) throw new Error(`expected a meaning of ${path}`);
  const expected = [...(isOptional ? ["optional"] : []), ...expectations(schema)].join("; ");
  return [`| \`${path}\` | ${meaning} | ${expected.replaceAll("|", "\\|")} |`, ...rowsBelow(schema, path)];
}

function expectations(schema: Composite): string[] {
  const { key, value, item } = schema;
  return [
    expectation(schema),
    ...(key ? [`names: ${expectation(key)}`] : []),
    ...(value && !value.entries ? [`values: ${expectation(value)}`] : []),
    ...(item && !item.entries ? [`each ${expectation(item)}`] : []),
  ];
}
