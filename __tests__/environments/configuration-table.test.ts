import { bootstrap } from "../../environments/bootstrap";
import { environment } from "../../environments/environment";
import { configurationTable } from "../support/configuration-table";
import { generatedBlock } from "../support/generated-block";

const PAGE = "docs/configuration.md";

describe(PAGE, () => {
  // The tables are made by UPDATE_DOCS=1 npx jest configuration-table.
  it.each([
    ["environment", environment],
    ["bootstrap", bootstrap],
  ] as const)("has the fields of the %s as its schema has them", (name, schema) => {
    const table = configurationTable(schema);
    expect(generatedBlock(PAGE, `fields of ${name}`, table)).toBe(table);
  });
});
