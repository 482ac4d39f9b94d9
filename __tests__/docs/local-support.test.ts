import { generatedBlock } from "../support/generated-block";
import { LOCAL_SUPPORT } from "../support/local-support";

const PAGE = "docs/local.md";

describe(PAGE, () => {
  // The tables are made by UPDATE_DOCS=1 npx jest local-support.
  it.each(Object.entries(LOCAL_SUPPORT))("has the %s that the code has", (name, table) => {
    expect(generatedBlock(PAGE, name, table)).toBe(table);
  });
});
