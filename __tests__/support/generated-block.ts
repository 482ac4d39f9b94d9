import { readFileSync, writeFileSync } from "node:fs";

/**
 * The part of a page that is made from the code, between `<!-- name -->` and `<!-- end of name -->`. With UPDATE_DOCS it is
 * written anew, and is then what it should be.
 */
export function generatedBlock(page: string, name: string, content: string): string | undefined {
  const [begin, end] = [`<!-- ${name} -->\n`, `\n<!-- end of ${name} -->`];
  const [before = "", rest = ""] = readFileSync(page, "utf8").split(begin);
  const [written, after = ""] = rest.split(end);
  if (!process.env.UPDATE_DOCS) return written;
  writeFileSync(page, `${before}${begin}${content}${end}${after}`);
  return content;
}
