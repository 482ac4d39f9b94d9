import { readFileSync, writeFileSync } from "node:fs";
import { bootstrap } from "../../environments/bootstrap";
import { environment } from "../../environments/environment";
import { configurationTable } from "../support/configuration-table";

const PAGE = "docs/configuration.md";

describe(PAGE, () => {
  // The tables are made by UPDATE_DOCS=1 npx jest configuration-table.
  it.each([
    ["environment", environment],
    ["bootstrap", bootstrap],
  ] as const)("has the fields of the %s as its schema has them", (name, schema) => {
    const [begin, end] = [`<!-- fields of ${name} -->\n`, `\n<!-- end of fields of ${name} -->`];
    const [before = "", rest = ""] = readFileSync(PAGE, "utf8").split(begin);
    const [written, after = ""] = rest.split(end);
    const table = configurationTable(schema);
    if (process.env.UPDATE_DOCS) writeFileSync(PAGE, `${before}${begin}${table}${end}${after}`);
    else expect(written).toBe(table);
  });
});
