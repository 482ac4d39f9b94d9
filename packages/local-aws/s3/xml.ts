const ENTITIES = new Map(Object.entries({ amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" }));

/** A text as the content of an XML element. Control characters go by number: a return would be read as a line feed. */
export function escapeXml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replace(/[^\P{Cc}\t\n]/gu, (character) => `&#${character.charCodeAt(0)};`);
}

/** The text that the content of an XML element stands for, each entity read once; undefined where one is unknown. */
export function unescapeXml(content: string): string | undefined {
  let wellFormed = true;
  const text = content.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([^;&]*));?/gi, (entity, hex, decimal, name) => {
    const character = name === undefined ? fromCodePoint(hex ? `0x${hex}` : decimal) : ENTITIES.get(name);
    if (entity.endsWith(";") && character !== undefined) return character;
    wellFormed = false;
    return entity;
  });
  return wellFormed ? text : undefined;
}

function fromCodePoint(number: string): string | undefined {
  const codePoint = Number(number);
  return codePoint > 0 && codePoint <= 0x10ffff ? String.fromCodePoint(codePoint) : undefined;
}

/** An element; its content is XML already. */
export function element(name: string, content: string): string {
  return `<${name}>${content}</${name}>`;
}

/** A document of S3's; fields that are not there are left out. */
export function xmlDocument(
  root: string,
  fields: readonly (string | false | undefined)[],
  namespace = ' xmlns="http://s3.amazonaws.com/doc/2006-03-01/"',
): string {
  const content = fields.filter((field) => typeof field === "string").join("");
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root}${namespace}>${content}</${root}>`;
}
