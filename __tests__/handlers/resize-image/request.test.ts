import { parseRequest } from "../../../handlers/resize-image/request";
import { aConfig } from "../../support/rendition-presets";

const config = aConfig({ card: { width: 320, height: 200, fit: "cover", format: "webp" } });
const EXPLICIT = { bucket: "original-images-test", fileName: "a/photo.jpg", resizedBucket: "resized-images-test" };

function refusal(event: unknown): string {
  try {
    return `accepted ${JSON.stringify(parseRequest(event, config))}`;
  } catch (error) {
    return String(error);
  }
}

describe("parseRequest", () => {
  it("reads the explicit form, for a thumbnail", () => {
    const { key, renditions } = parseRequest(EXPLICIT, config);
    expect([key, renditions.map(({ name }) => name)]).toEqual(["a/photo.jpg", ["thumbnail"]]);
  });

  it("reads the short form, for a thumb", () => {
    const { key, renditions } = parseRequest({ key: "photo.jpg" }, config);
    expect([key, renditions.map(({ name }) => name)]).toEqual(["photo.jpg", ["thumb"]]);
  });

  it.each([EXPLICIT, { key: "photo.jpg" }])("keeps the order of the renditions asked for in %j", (form) => {
    const { renditions } = parseRequest({ ...form, renditions: ["card", "thumb"] }, config);
    expect(renditions.map(({ name }) => name)).toEqual(["card", "thumb"]);
  });

  it.each([
    "two words.jpg",
    "größe/фото.jpg",
    "a+b%20c.jpg",
    "photo..jpg",
    "x".repeat(1024),
    "a//b.jpg",
    "back\\slash.jpg",
  ])("takes the key %s as it is", (key) => {
    expect(parseRequest({ key }, config).key).toBe(key);
  });

  const FIELDS =
    "InvalidRequest: Expected the fields {bucket,fileName,resizedBucket} or {key}, and optionally renditions, but received";
  it.each([
    ["no fields", {}, `${FIELDS} no fields`],
    ["an unknown field", { key: "a.jpg", width: 9 }, `${FIELDS} ["key","width"]`],
    ["both forms", { ...EXPLICIT, key: "a.jpg" }, `${FIELDS} ["bucket","fileName","resizedBucket","key"]`],
    ["half a form", { bucket: "original-images-test", fileName: "a.jpg" }, `${FIELDS} ["bucket","fileName"]`],
    [
      "a list",
      [1],
      "InvalidRequest: Expected a JSON object with {bucket,fileName,resizedBucket} or {key} but received [1]",
    ],
    [
      "text",
      "key",
      'InvalidRequest: Expected a JSON object with {bucket,fileName,resizedBucket} or {key} but received "key"',
    ],
    [
      "null",
      null,
      "InvalidRequest: Expected a JSON object with {bucket,fileName,resizedBucket} or {key} but received null",
    ],
  ])("refuses %s", (_, event, message) => {
    expect(refusal(event)).toBe(message);
  });

  it.each([
    [7, "an object key (a string) for key but received 7"],
    [null, "an object key (a string) for key but received null"],
    ["", "1 to 1024 bytes for key but received 0"],
    ["ä".repeat(513), "1 to 1024 bytes for key but received 1026"],
    ["/a.jpg", 'no leading slash for key but received "/a.jpg"'],
    ["folder/", 'a file name at the end for key but received "folder/"'],
    ["a/../b.jpg", 'no "." or ".." between slashes for key but received "a/../b.jpg"'],
    ["..", 'no "." or ".." between slashes for key but received ".."'],
    ["./b.jpg", 'no "." or ".." between slashes for key but received "./b.jpg"'],
    ["a\nb.jpg", 'no control characters for key but received "a\\nb.jpg"'],
    ["a\u007f.jpg", 'no control characters for key but received "a\u007f.jpg"'],
    ["a\u0085.jpg", 'no control characters for key but received "a\u0085.jpg"'],
    ["a\ud800.jpg", "well-formed Unicode for key but received half of a surrogate pair"],
  ])("refuses the key %j", (key, expectation) => {
    expect(refusal({ key })).toBe(`InvalidRequest: Expected ${expectation}`);
  });

  it("names the field of a refused key as the caller does", () => {
    expect(refusal({ ...EXPLICIT, fileName: "/a.jpg" })).toContain("for fileName");
  });

  it.each([
    [
      { bucket: "someone-elses" },
      'BucketNotAllowed: Expected original-images-test for bucket but received "someone-elses"',
    ],
    [
      { resizedBucket: "original-images-test" },
      'BucketNotAllowed: Expected resized-images-test for resizedBucket but received "original-images-test"',
    ],
    [{ bucket: 5 }, "InvalidRequest: Expected a bucket name for bucket but received 5"],
  ])("refuses %j", (change, message) => {
    expect(refusal({ ...EXPLICIT, ...change })).toBe(message);
  });

  const eleven = Array.from({ length: 11 }, (_, index) => `r${index}`);
  it.each([
    [["huge"], 'UnknownRendition: Expected one of thumbnail, thumb, card for renditions but received "huge"'],
    [["__proto__"], 'UnknownRendition: Expected one of thumbnail, thumb, card for renditions but received "__proto__"'],
    [[], "InvalidRequest: Expected 1 to 10 names for renditions but received []"],
    [eleven, `InvalidRequest: Expected 1 to 10 names for renditions but received ${JSON.stringify(eleven)}`],
    ["card", 'InvalidRequest: Expected 1 to 10 names for renditions but received "card"'],
    [["card", "card"], 'InvalidRequest: Expected each name once for renditions but received ["card","card"]'],
    [[7], "InvalidRequest: Expected names for renditions but received 7"],
  ])("refuses the renditions %j", (renditions, message) => {
    expect(refusal({ key: "a.jpg", renditions })).toBe(message);
  });

  it("cuts a long value short in its message", () => {
    expect(refusal({ key: `/${"x".repeat(900)}` }).length).toBeLessThan(200);
  });
});

describe("a request for what is missing", () => {
  const backfilled = { ...config, readsRenditions: true };
  const asked = (fields: object) => {
    const { onlyMissing, etag, dryRun } = parseRequest({ key: "a.jpg", ...fields }, backfilled);
    return { onlyMissing, dryRun, ...(etag !== undefined && { etag }) };
  };
  const refused = (fields: object, of = backfilled) => {
    try {
      return `accepted ${JSON.stringify(parseRequest({ key: "a.jpg", ...fields }, of))}`;
    } catch (error) {
      return String(error);
    }
  };

  it.each([
    [{}, { onlyMissing: false, dryRun: false }],
    [{ onlyMissing: false }, { onlyMissing: false, dryRun: false }],
    [{ onlyMissing: true }, { onlyMissing: true, dryRun: false }],
    [
      { onlyMissing: true, etag: "e" },
      { onlyMissing: true, dryRun: false, etag: "e" },
    ],
    [{ dryRun: true }, { onlyMissing: true, dryRun: true }],
    [
      { dryRun: true, etag: '"9b2cf535f27731c974343645a3985328-3"' },
      { onlyMissing: true, dryRun: true, etag: '"9b2cf535f27731c974343645a3985328-3"' },
    ],
  ])("is read from %j", (fields, expected) => {
    expect(asked(fields)).toEqual(expected);
    expect(parseRequest({ ...EXPLICIT, ...fields }, backfilled)).toMatchObject(expected);
  });

  it.each([
    [{ onlyMissing: "yes" }, 'Expected true or false for onlyMissing but received "yes"'],
    [{ onlyMissing: null }, "Expected true or false for onlyMissing but received null"],
    [{ dryRun: 1 }, "Expected true or false for dryRun but received 1"],
    [{ etag: "e" }, 'Expected onlyMissing or dryRun beside etag but received "e" alone'],
    [{ onlyMissing: false, etag: "e" }, 'Expected onlyMissing or dryRun beside etag but received "e" alone'],
    [{ onlyMissing: true, etag: "" }, 'Expected an ETag of up to 128 characters for etag but received ""'],
    [{ onlyMissing: true, etag: '"e' }, 'Expected an ETag of up to 128 characters for etag but received "\\"e"'],
    [{ onlyMissing: true, etag: "a b" }, 'Expected an ETag of up to 128 characters for etag but received "a b"'],
    [{ onlyMissing: true, etag: 7 }, "Expected an ETag of up to 128 characters for etag but received 7"],
    [
      { onlyMissing: true, overwrite: true },
      'Expected the fields {bucket,fileName,resizedBucket} or {key}, and optionally renditions, onlyMissing, etag, dryRun, but received ["key","onlyMissing","overwrite"]',
    ],
  ])("is refused as %j", (fields, message) => {
    expect(refused(fields)).toBe(`InvalidRequest: ${message}`);
  });

  it.each(["onlyMissing", "etag", "dryRun"])("is refused where no backfill is on, as any other field: %s", (field) => {
    expect(refused({ [field]: true }, config)).toBe(
      `InvalidRequest: Expected the fields {bucket,fileName,resizedBucket} or {key}, and optionally renditions, but received ["key","${field}"]`,
    );
  });
});

describe("a request about a deleted source", () => {
  const deleting = { ...config, readsRenditions: true, deletesRenditions: true };
  const deleted = { ...EXPLICIT, deleted: true };
  const refused = (event: object, of = deleting) => {
    try {
      return `accepted ${JSON.stringify(parseRequest(event, of))}`;
    } catch (error) {
      return String(error);
    }
  };

  it("has the explicit form", () => {
    expect(parseRequest(deleted, deleting)).toMatchObject({ key: "a/photo.jpg", deleted: true, onlyMissing: false });
    expect(parseRequest(EXPLICIT, deleting)).toMatchObject({ deleted: false });
    expect(parseRequest({ key: "a.jpg" }, deleting)).toMatchObject({ deleted: false });
  });

  it.each([
    [{ ...deleted, deleted: false }, "InvalidRequest: Expected true for deleted but received false"],
    [{ ...deleted, deleted: "yes" }, 'InvalidRequest: Expected true for deleted but received "yes"'],
    [
      { ...deleted, renditions: ["card"] },
      'InvalidRequest: Expected nothing beside deleted but received ["renditions"]',
    ],
    [{ ...deleted, onlyMissing: true }, 'InvalidRequest: Expected nothing beside deleted but received ["onlyMissing"]'],
    [
      { key: "a.jpg", deleted: true },
      'InvalidRequest: Expected the fields {bucket,fileName,resizedBucket} or {key}, and optionally renditions, onlyMissing, etag, dryRun, but received ["key","deleted"]',
    ],
    [
      { ...deleted, bucket: "someone-elses" },
      'BucketNotAllowed: Expected original-images-test for bucket but received "someone-elses"',
    ],
  ])("is refused as %j", (event, message) => {
    expect(refused(event)).toBe(message);
  });

  it("is refused where deletions delete nothing, as any other field", () => {
    expect(refused(deleted, config)).toBe(
      'InvalidRequest: Expected the fields {bucket,fileName,resizedBucket} or {key}, and optionally renditions, but received ["bucket","fileName","resizedBucket","deleted"]',
    );
  });
});
