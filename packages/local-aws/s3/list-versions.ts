import type { Handling } from "./handling";
import { invalidArgument, ListRequest, owner, wholeSeconds } from "./list-request";
import type { S3Answer } from "./s3-answer";
import type { BucketStore } from "./store/bucket-store";
import type { Version } from "./store/version";
import { element, escapeXml, xmlDocument } from "./xml";

/** ListObjectVersions. @throws AwsError InvalidArgument */
export function listVersions({ request, store }: Handling, accountId: string): S3Answer {
  const asked = new ListRequest(request.query);
  const most = asked.most("max-keys");
  const [keyMarker, idMarker] = [asked.text("key-marker"), asked.text("version-id-marker")];
  if (idMarker !== "" && keyMarker === "")
    throw invalidArgument("A version-id marker cannot be specified without a key marker.");
  const page = pageOfVersions(store, asked, keyMarker, idMarker, most);
  const fields = [
    ...asked.head(request.bucket ?? ""),
    element("KeyMarker", asked.name(keyMarker)),
    element("VersionIdMarker", escapeXml(idMarker)),
    page.next && element("NextKeyMarker", asked.name(page.next.key)),
    page.next?.versionId && element("NextVersionIdMarker", page.next.versionId),
    element("MaxKeys", String(most)),
    ...asked.common(),
    element("IsTruncated", String(page.next !== undefined)),
    ...page.versions.map(({ version, isLatest }) => versionElement(version, isLatest, asked, accountId)),
    ...asked.prefixes(page.prefixes),
  ];
  return { status: 200, body: xmlDocument("ListVersionsResult", fields) };
}

interface VersionPage {
  readonly versions: readonly { readonly version: Version; readonly isLatest: boolean }[];
  readonly prefixes: readonly string[];
  readonly next: { readonly key: string; readonly versionId?: string } | undefined;
}

function pageOfVersions(
  store: BucketStore,
  asked: ListRequest,
  keyMarker: string,
  idMarker: string,
  most: number,
): VersionPage {
  const versions: { version: Version; isLatest: boolean }[] = [];
  const prefixes: string[] = [];
  let last: VersionPage["next"];
  if (most === 0) return { versions, prefixes, next: undefined };
  const query = { prefix: asked.prefix, delimiter: asked.delimiter, after: keyMarker, includesAfter: idMarker !== "" };
  for (const entry of store.versionEntries(query)) {
    if ("commonPrefix" in entry) {
      if (versions.length + prefixes.length === most) return { versions, prefixes, next: last };
      prefixes.push(entry.commonPrefix);
      last = { key: entry.commonPrefix };
      continue;
    }
    const all = store.versionsOf(entry.key);
    const marked = entry.key === keyMarker ? all.findIndex(({ versionId }) => versionId === idMarker) : -1;
    for (const [index, version] of all.entries()) {
      if (index <= marked) continue;
      if (versions.length + prefixes.length === most) return { versions, prefixes, next: last };
      versions.push({ version, isLatest: index === 0 });
      last = { key: entry.key, versionId: version.versionId };
    }
  }
  return { versions, prefixes, next: undefined };
}

function versionElement(version: Version, isLatest: boolean, asked: ListRequest, accountId: string): string {
  const head = [
    element("Key", asked.name(version.key)),
    element("VersionId", version.versionId),
    element("IsLatest", String(isLatest)),
    element("LastModified", wholeSeconds(version.lastModified)),
  ];
  if (version.kind === "marker") return element("DeleteMarker", [...head, owner(accountId)].join(""));
  const own = [
    element("ETag", `&quot;${version.etag}&quot;`),
    element("Size", String(version.body.bytes)),
    element("StorageClass", "STANDARD"),
  ];
  return element("Version", [...head, ...own, owner(accountId)].join(""));
}
