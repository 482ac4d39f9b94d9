import { XMLParser, XMLValidator } from "fast-xml-parser";
import { malformedXml } from "./s3-error";
import { unescapeXml } from "./xml";

/** An element as it was read: its children by name, or its text. */
export type XmlNode = string | { readonly [name: string]: XmlNode | readonly XmlNode[] };

const parser = new XMLParser({
  ignoreAttributes: true,
  removeNSPrefix: true,
  parseTagValue: false,
  trimValues: false,
  // Read by `textOf`: the parser knows those that have names, and not those by number.
  processEntities: false,
});

/** The children of the root of a document. @throws AwsError MalformedXML for another root, or what is no XML */
export function readXml(text: string, root: string): { readonly [name: string]: readonly XmlNode[] } {
  // XML has no control characters but these, and S3 takes no document types.
  if (/[^\P{Cc}\t\r\n]/u.test(text) || text.includes("<!DOCTYPE") || XMLValidator.validate(text) !== true)
    throw malformedXml();
  const document: Record<string, XmlNode> = parser.parse(text);
  const found = document[root];
  if (typeof found !== "object") throw malformedXml();
  const children: Record<string, readonly XmlNode[]> = {};
  for (const [name, value] of Object.entries(found)) {
    // White space between elements.
    if (name === "#text" && typeof value === "string" && value.trim() === "") continue;
    children[name] = isList(value) ? value : [value];
  }
  return children;
}

function isList(value: XmlNode | readonly XmlNode[]): value is readonly XmlNode[] {
  return Array.isArray(value);
}

/** The text of the only child of a name; undefined where there is none. @throws AwsError MalformedXML for several, or more than text */
export function textOf(node: XmlNode, name: string): string | undefined {
  const value = typeof node === "string" ? undefined : node[name];
  if (value === undefined) return undefined;
  const text = typeof value === "string" ? unescapeXml(value) : undefined;
  if (text === undefined) throw malformedXml();
  return text;
}
