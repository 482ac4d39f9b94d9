import { escapeXml, unescapeXml } from "../s3/xml";

describe("unescapeXml", () => {
  it.each([
    ["a&amp;lt;b", "a&lt;b"],
    ["&lt;&gt;&quot;&apos;", "<>\"'"],
    ["a&#10;b&#x1F600;", "a\nb\u{1f600}"],
    ["plain; text", "plain; text"],
  ])("reads each entity of %j once", (content, text) => {
    expect(unescapeXml(content)).toBe(text);
  });

  it.each(["a & b", "&nbsp;", "&amp", "&#x110000;", "&#0;", "&constructor;"])("does not read %j", (content) => {
    expect(unescapeXml(content)).toBeUndefined();
  });

  it.each(["a&lt;b", "<a>&\"'", "return\r\n", "\u0001\u0085", "\u{1f600}"])("gives back %j as it was", (text) => {
    expect(unescapeXml(escapeXml(text))).toBe(text);
  });
});
