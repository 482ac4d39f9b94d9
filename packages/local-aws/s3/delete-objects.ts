import { AwsError } from "../aws-error";
import { malformedXml, notServed } from "./s3-error";
import { escapeXml, unescapeXml } from "./xml";

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html: "up to 1,000 keys"
const MAX_KEYS = 1000;

/**
 * Answers DeleteObjects: each key is deleted or named with its error, "quiet" names errors alone.
 * @param deleteKey throws an AwsError for a key that may not be deleted
 * @throws AwsError MalformedXML, NotImplemented
 */
export function deleteObjects(body: string, deleteKey: (key: string) => void): string {
  const { keys, quiet } = readDelete(body);
  const results = keys.map((key) => {
    try {
      deleteKey(key);
      return quiet ? "" : `<Deleted><Key>${escapeXml(key)}</Key></Deleted>`;
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return `<Error><Key>${escapeXml(key)}</Key><Code>${error.code}</Code><Message>${escapeXml(error.message)}</Message></Error>`;
    }
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<DeleteResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${results.join("")}</DeleteResult>`;
}

function readDelete(body: string): { readonly keys: readonly string[]; readonly quiet: boolean } {
  const [, content] = /^\s*(?:<\?xml[^>]*\?>)?\s*<Delete(?:\s[^>]*)?>([\s\S]*)<\/Delete>\s*$/.exec(body) ?? [];
  // XML has no control characters but these.
  if (content === undefined || /[^\P{Cc}\t\r\n]/u.test(content)) throw malformedXml();
  const entries = [...content.matchAll(/<Object>([\s\S]*?)<\/Object>/g)].map(([, entry = ""]) => readKey(entry));
  const [, quiet = "false"] = /<Quiet>\s*(true|false)\s*<\/Quiet>/i.exec(content) ?? [];
  const rest = content.replace(/<Object>[\s\S]*?<\/Object>|<Quiet>\s*(true|false)\s*<\/Quiet>/gi, "").trim();
  if (entries.length === 0 || entries.length > MAX_KEYS || rest !== "") throw malformedXml();
  return { keys: entries, quiet: quiet.toLowerCase() === "true" };
}

function readKey(entry: string): string {
  // Without its conditions an entry would delete what it should not.
  const [condition] = /<(VersionId|ETag|LastModifiedTime|Size)\b/.exec(entry) ?? [];
  if (condition !== undefined) throw notServed(`${condition.slice(1)} in an entry of DeleteObjects`);
  const [, content = ""] = /^\s*<Key>([^<]*)<\/Key>\s*$/.exec(entry) ?? [];
  const key = unescapeXml(content);
  if (key === undefined || key === "") throw malformedXml();
  return key;
}
