import { code, cut, fenced, html, tableCode, visible } from "../markdown";

describe("visible", () => {
  it.each([
    ["a line break", "a\nb", "a\\nb"],
    ["a carriage return", "a\rb", "a\\u{d}b"],
    ["a tab", "a\tb", "a\\tb"],
    ["a reversed direction", "a\u202Eb", "a\\u{202e}b"],
    ["a zero-width space", "a\u200Bb", "a\\u{200b}b"],
    ["a line separator", "a\u2028b", "a\\u{2028}b"],
    ["half a character", "a\uD83Db", "a\\u{d83d}b"],
  ])("shows %s", (_, text, shown) => {
    expect(visible(text)).toBe(shown);
  });

  it("leaves letters of any language and whole emoji alone", () => {
    expect(visible("été 写真 🐈")).toBe("été 写真 🐈");
  });
});

describe("code", () => {
  it.each([
    ["plain text", "a", "`a`"],
    ["a backtick inside", "a`b", "``a`b``"],
    ["a backtick at the end", "a`", "`` a` ``"],
    ["a run of them", "a```b`", "```` a```b` ````"],
    ["nothing", "", "`  `"],
    ["blanks around", " a ", "`  a  `"],
  ])("wraps %s", (_, text, span) => {
    expect(code(text)).toBe(span);
  });

  it("cuts a long text and says by how much", () => {
    expect(code("x".repeat(305))).toBe(`\`${"x".repeat(300)}… (5 more characters)\``);
  });

  it("keeps a bar from ending the cell of a table", () => {
    expect(tableCode("a|b")).toBe("`a\\|b`");
  });
});

describe("cut", () => {
  it("never cuts a character in half", () => {
    expect(cut("ab🐈cd", 3)).toBe("ab… (3 more characters)");
  });
});

describe("fenced", () => {
  it("is longer than any run of backticks inside and holds each entry on one line", () => {
    expect(fenced(["a", "````\nb"], "diff")).toBe("`````diff\na\n````\\nb\n`````");
  });
});

describe("html", () => {
  it("leaves no tag, entity or quote", () => {
    expect(html(`<a href="x">&amp;'`)).toBe("&#60;a href=&#34;x&#34;&#62;&#38;amp;&#39;");
  });
});
