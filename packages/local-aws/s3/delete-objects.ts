import { AwsError } from "../aws-error";
import { requireDeleteCondition } from "./conditions";
import type { Handling } from "./handling";
import { deletionEvents } from "./object-operations";
import { readXml, textOf, type XmlNode } from "./read-xml";
import type { S3Answer, S3Change } from "./s3-answer";
import { malformedXml, noSuchVersion, notServed } from "./s3-error";
import type { Deletion } from "./store/bucket-store";
import { isVersionId } from "./store/version";
import { element, escapeXml, xmlDocument } from "./xml";

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html: "up to 1,000 keys"
const MAX_KEYS = 1000;

interface Entry {
  readonly key: string;
  readonly versionId: string | undefined;
  readonly etag: string | undefined;
}

/**
 * DeleteObjects: each key is deleted or named with its error, "quiet" names errors alone.
 * @throws AwsError MalformedXML, NotImplemented
 */
export function deleteObjects(handling: Handling, payload: string): S3Answer {
  requireDigest(handling);
  const { entries, quiet } = readDelete(payload);
  const events: S3Change[] = [];
  const results = entries.map((entry) => {
    const { key, versionId } = entry;
    const named = [element("Key", escapeXml(key)), versionId && element("VersionId", escapeXml(versionId))];
    try {
      const deletion = deleteOne(handling, entry);
      events.push(...deletionEvents(deletion));
      return quiet ? "" : element("Deleted", [...named, ...markerFields(deletion)].filter(Boolean).join(""));
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const why = [element("Code", error.code), element("Message", escapeXml(error.message))];
      return element("Error", [...named, ...why].filter(Boolean).join(""));
    }
  });
  return { status: 200, body: xmlDocument("DeleteResult", results), events };
}

function deleteOne({ guard, request, store }: Handling, { key, versionId, etag }: Entry): Deletion {
  guard.admitDelete(request, key, versionId);
  // One version that is none is no reason to refuse the other keys, as it is to DeleteObject.
  if (versionId !== undefined && !isVersionId(versionId)) throw noSuchVersion(key, versionId);
  requireDeleteCondition(etag, key, store.find(key, versionId));
  return versionId === undefined ? store.delete(key) : store.deleteVersion(key, versionId);
}

function markerFields(deletion: Deletion): readonly string[] {
  if (deletion.kind === "nothing" || deletion.version.kind !== "marker") return [];
  const id = escapeXml(deletion.version.versionId);
  return [element("DeleteMarker", "true"), element("DeleteMarkerVersionId", id)];
}

function readDelete(text: string): { readonly entries: readonly Entry[]; readonly quiet: boolean } {
  const { Object: objects = [], Quiet: [quiet = "false"] = [], ...rest } = readXml(text, "Delete");
  if (objects.length === 0 || objects.length > MAX_KEYS || Object.keys(rest).length > 0) throw malformedXml();
  return { entries: objects.map(readEntry), quiet: String(quiet).trim().toLowerCase() === "true" };
}

function readEntry(node: XmlNode): Entry {
  const key = textOf(node, "Key");
  if (key === undefined || key === "") throw malformedXml();
  for (const condition of ["LastModifiedTime", "Size"]) {
    // Without its conditions an entry would delete what it should not.
    if (textOf(node, condition) !== undefined) throw notServed(`${condition} in an entry of DeleteObjects`);
  }
  return { key, versionId: textOf(node, "VersionId"), etag: textOf(node, "ETag") };
}

/** @throws AwsError unless something vouches for the list of what shall be deleted */
function requireDigest({ headers }: Handling): void {
  const names = Object.keys(headers);
  if (names.some((name) => name === "content-md5" || name.startsWith("x-amz-checksum-"))) return;
  if (headers["x-amz-trailer"] !== undefined) return;
  throw new AwsError("InvalidRequest", 400, "Missing required header for this request: Content-MD5");
}
