import type { Bucket } from "../stack/stack-model";
import { invalidArgument, owner, readToken, toToken, wholeSeconds } from "./list-request";
import type { S3Answer } from "./s3-answer";
import { element, escapeXml, xmlDocument } from "./xml";

/** ListBuckets. @throws AwsError InvalidArgument */
export function listBuckets(
  query: URLSearchParams,
  buckets: readonly Bucket[],
  { accountId, region, createdAt }: { readonly accountId: string; readonly region: string; readonly createdAt: Date },
): S3Answer {
  const prefix = query.get("prefix") ?? "";
  const wanted = query.get("max-buckets");
  if (wanted !== null && !(/^\d{1,5}$/.test(wanted) && Number(wanted) >= 1 && Number(wanted) <= 10_000))
    throw invalidArgument("Argument max-buckets must be an integer between 1 and 10000");
  const inRegion = query.get("bucket-region");
  const token = query.get("continuation-token");
  const after = token === null ? "" : readToken(token);
  const names = buckets
    .map(({ name }) => name)
    .filter((name) => name.startsWith(prefix) && name > after && (inRegion === null || inRegion === region))
    .sort();
  const shown = names.slice(0, Number(wanted ?? 10_000));
  const last = shown.at(-1);
  const fields = [
    owner(accountId),
    element(
      "Buckets",
      shown
        .map((name) =>
          element(
            "Bucket",
            element("Name", name) + element("CreationDate", wholeSeconds(createdAt)) + element("BucketRegion", region),
          ),
        )
        .join(""),
    ),
    shown.length < names.length && last !== undefined && element("ContinuationToken", toToken(last)),
    query.has("prefix") && element("Prefix", escapeXml(prefix)),
  ];
  return { status: 200, body: xmlDocument("ListAllMyBucketsResult", fields) };
}
