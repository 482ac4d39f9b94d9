import { createHash } from "node:crypto";
import { AwsError } from "../aws-error";
import type { ListEntry } from "./store/list-entries";
import { element, escapeXml } from "./xml";

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html: "up to 1,000 key names"
const MAX_ENTRIES = 1000;
const MAX_INTEGER = 2 ** 31 - 1;

/** What all lists of a bucket are asked for. */
export class ListRequest {
  readonly prefix: string;
  readonly delimiter: string;
  readonly encoding: string;

  constructor(readonly query: URLSearchParams) {
    this.prefix = this.text("prefix");
    this.delimiter = this.text("delimiter");
    this.encoding = this.text("encoding-type");
    if (this.encoding !== "" && this.encoding !== "url")
      throw invalidArgument("Invalid Encoding Method specified in Request");
  }

  text(name: string): string {
    return this.query.get(name) ?? "";
  }

  most(name: string): number {
    const text = this.text(name);
    if (text === "") return MAX_ENTRIES;
    if (!/^\d+$/.test(text) || Number(text) > MAX_INTEGER)
      throw invalidArgument(`Provided ${name} not an integer or within integer range`);
    return Math.min(Number(text), MAX_ENTRIES);
  }

  /** A key as the answer writes it. */
  name(text: string): string {
    return this.encoding === "url" ? encodeURIComponent(text).replaceAll("%2F", "/") : escapeXml(text);
  }

  /** The fields that begin the answer to a list. */
  head(bucket: string): (string | false)[] {
    return [element("Name", escapeXml(bucket)), element("Prefix", this.name(this.prefix))];
  }

  common(): (string | false)[] {
    return [
      this.delimiter !== "" && element("Delimiter", this.name(this.delimiter)),
      this.encoding !== "" && element("EncodingType", this.encoding),
    ];
  }

  prefixes(all: readonly string[]): readonly string[] {
    return all.map((prefix) => element("CommonPrefixes", element("Prefix", this.name(prefix))));
  }
}

/** Takes so many entries; `next` is the last, where more of them follow. */
export function pageOf(entries: Iterable<ListEntry>, most: number) {
  const keys: string[] = [];
  const prefixes: string[] = [];
  let last: string | undefined;
  // Nothing of nothing is missing.
  if (most === 0) return { keys, prefixes, next: undefined };
  for (const entry of entries) {
    if (keys.length + prefixes.length === most) return { keys, prefixes, next: last };
    if ("key" in entry) keys.push(entry.key);
    else prefixes.push(entry.commonPrefix);
    last = "key" in entry ? entry.key : entry.commonPrefix;
  }
  return { keys, prefixes, next: undefined };
}

/** S3 knows whole seconds. */
export function wholeSeconds(date: Date): string {
  return date.toISOString().replace(/\d{3}Z$/, "000Z");
}

/** A place in a list as clients carry it around. */
export function toToken(entry: string): string {
  return Buffer.from(entry).toString("base64url");
}

/** @throws AwsError InvalidArgument for what is no such place */
export function readToken(token: string): string {
  const entry = Buffer.from(token, "base64url").toString();
  if (entry === "" || toToken(entry) !== token) throw invalidArgument("The continuation token provided is incorrect");
  return entry;
}

/** The owner of everything. */
export function owner(accountId: string): string {
  return element("Owner", element("ID", canonicalId(accountId)));
}

/** Accounts have an id of 64 hexadecimal digits here. */
export function canonicalId(accountId: string): string {
  return createHash("sha256").update(accountId).digest("hex");
}

/** S3's refusal of a parameter. */
export function invalidArgument(message: string): AwsError {
  return new AwsError("InvalidArgument", 400, message);
}
