import type { S3Client } from "@aws-sdk/client-s3";
import sharp from "sharp";
import { Deadline } from "../../../handlers/resize-image/deadline";
import { ImageStore } from "../../../handlers/resize-image/image-store";
import { type Outcome, succeeded } from "../../../handlers/resize-image/outcome";
import { parseRequest } from "../../../handlers/resize-image/request";
import { resize } from "../../../handlers/resize-image/resize";
import { sourceMetadata } from "../../../handlers/resize-image/source-metadata";
import { etagOf, FakeS3, refuse } from "../../support/fake-s3";
import { oneTryClient } from "../../support/one-try-client";
import { aConfig, THUMBNAIL } from "../../support/rendition-presets";

const PRESETS = [
  { name: "thumb", preset: THUMBNAIL, key: "thumb-a.png" },
  { name: "card", preset: { ...THUMBNAIL, width: 4, format: "webp" as const }, key: "card-a.png.webp" },
  { name: "tiny", preset: { ...THUMBNAIL, width: 2 }, key: "tiny-a.png" },
] as const;
const config = {
  ...aConfig(Object.fromEntries(PRESETS.map(({ name, preset }) => [name, preset]))),
  readsRenditions: true,
};
const { originalBucket, resizedBucket } = config;
const SOURCE = `${originalBucket}/a.png`;

/** What may be where a rendition belongs; of the newest source, an older one, or neither. */
const FOUND = ["present", "absent", "older source", "other preset", "no metadata"] as const;
type Found = (typeof FOUND)[number];

/** What the caller knows of the source. */
const KNOWN = ["nothing", "the ETag", "an older ETag", "an ETag of no rendition"] as const;
const OLDER_ETAG = '"00000000000000000000000000000000"';
const LOST_ETAG = '"ffffffffffffffffffffffffffffffff-7"';

const s3 = new FakeS3();
let client: S3Client;
let store: ImageStore;
let picture: Buffer;

beforeAll(async () => {
  client = oneTryClient(await s3.start());
  store = new ImageStore(client, 1_000_000);
  picture = await sharp({ create: { width: 8, height: 8, channels: 3, background: "#336699" } })
    .png()
    .toBuffer();
});
afterAll(async () => {
  client.destroy();
  await s3.stop();
});
beforeEach(() => {
  s3.objects.clear();
  s3.fault = () => false;
  s3.put(originalBucket, "a.png", picture);
});

/** Every way to have one of `FOUND` for each of so many renditions. */
function combinations(count: number): readonly (readonly Found[])[] {
  if (count === 0) return [[]];
  return combinations(count - 1).flatMap((rest) => FOUND.map((found) => [...rest, found]));
}

function place(found: readonly Found[]): void {
  found.forEach((state, index) => {
    const { name, preset, key } = PRESETS[index] ?? PRESETS[0];
    if (state === "absent") return;
    const etag = state === "older source" ? OLDER_ETAG : etagOf(picture);
    const made = state === "other preset" ? { ...preset, height: 255 } : preset;
    const metadata = sourceMetadata({ key: "a.png", etag }, { hash: "x", color: "#000000" }, { name, preset: made });
    const headers = state === "no metadata" ? [] : Object.entries(metadata);
    s3.put(
      resizedBucket,
      key,
      Buffer.from(state),
      Object.fromEntries(headers.map(([field, value]) => [`x-amz-meta-${field}`, value])),
    );
  });
}

const etagFor = (known: (typeof KNOWN)[number]) =>
  ({
    nothing: {},
    "the ETag": { etag: etagOf(picture) },
    "an older ETag": { etag: OLDER_ETAG.replaceAll('"', "") },
    "an ETag of no rendition": { etag: LOST_ETAG },
  })[known];

/** Asks for what is missing of so many renditions, and says what was asked of S3. */
async function ask(count: number, fields: object): Promise<{ outcome: Outcome; requests: readonly string[] }> {
  const renditions = PRESETS.slice(0, count).map(({ name }) => name);
  const request = parseRequest({ key: "a.png", renditions, onlyMissing: true, ...fields }, config);
  const before = s3.requests.length;
  const outcome = succeeded(request, await resize(request, config, store, new Deadline(60_000)));
  return { outcome, requests: s3.requests.slice(before) };
}

const sorted = (values: readonly string[]) => [...values].sort();
const names = (indexes: readonly number[]) => indexes.map((index) => PRESETS[index]?.name ?? "");
const keysOf = (indexes: readonly number[]) => indexes.map((index) => `${resizedBucket}/${PRESETS[index]?.key}`);

describe("a request for what is missing", () => {
  const cases = [1, 2, 3].flatMap((count) => KNOWN.map((known) => [count, known] as const));

  it.each(cases)(
    "makes exactly that, with no request more, of %i renditions when the caller knows %s",
    async (count, known) => {
      for (const found of combinations(count)) {
        s3.objects.clear();
        s3.put(originalBucket, "a.png", picture);
        place(found);
        const all = [...found.keys()];
        const missing = all.filter((index) => found[index] !== "present");
        const seemsMissing = {
          nothing: missing,
          "the ETag": missing,
          "an older ETag": all.filter((index) => found[index] !== "older source"),
          "an ETag of no rendition": all,
        }[known];
        // A list is of the moment it was made: what is there of its version is there for whoever asks by it.
        const made = seemsMissing.length === 0 ? [] : missing;

        const { outcome, requests } = await ask(count, etagFor(known));

        const written = made.length > 0;
        expect([found, sorted(requests)]).toEqual([
          found,
          sorted([
            ...keysOf(all).map((key) => `HEAD ${key}`),
            ...(known === "nothing" ? [`HEAD ${SOURCE}`] : []),
            ...(seemsMissing.length > 0 ? [`GET ${SOURCE}`] : []),
            ...keysOf(made).map((key) => `PUT ${key}`),
            ...(written ? [`HEAD ${SOURCE}`] : []),
          ]),
        ]);
        const present = all.filter((index) => !made.includes(index));
        expect([found, outcome]).toMatchObject([
          found,
          {
            status: "SUCCESS",
            resized_key: "thumb-a.png",
            renditions: names(made).map((name) => ({ name })),
            present: names(present),
          },
        ]);
      }
    },
    60_000,
  );

  it("leaves nothing to make: asked again, it reads no picture and sends one HEAD for each rendition", async () => {
    place(["older source", "other preset", "absent"]);
    const first = await ask(3, { etag: etagOf(picture) });
    const second = await ask(3, { etag: etagOf(picture) });

    expect(first.outcome).toMatchObject({ present: [], renditions: PRESETS.map(({ name }) => ({ name })) });
    expect(sorted(second.requests)).toEqual(sorted(keysOf([0, 1, 2]).map((key) => `HEAD ${key}`)));
    expect(second.outcome).toEqual({
      status: "SUCCESS",
      success: true,
      message: "a.png resized successfully!",
      resized_key: "thumb-a.png",
      source: { bucket: originalBucket, key: "a.png", etag: etagOf(picture) },
      renditions: [],
      present: ["thumb", "card", "tiny"],
    });
  });

  it("does not replace a rendition of a newer source than the list's by an older one, and makes the others of it", async () => {
    place(["present", "older source"]);
    const { outcome, requests } = await ask(2, { etag: OLDER_ETAG });

    expect(requests).toContain(`PUT ${resizedBucket}/card-a.png.webp`);
    expect(requests).not.toContain(`PUT ${resizedBucket}/thumb-a.png`);
    expect(outcome).toMatchObject({
      source: { etag: etagOf(picture), width: 8 },
      renditions: [{ name: "card" }],
      present: ["thumb"],
    });
    expect(s3.get(resizedBucket, "card-a.png.webp").headers["x-amz-meta-source-etag"]).toBe(etagOf(picture));
  });

  it("looks again when the source changes while it is made, and then makes what is of the older one", async () => {
    const newer = await sharp(picture).negate().png().toBuffer();
    let changed = false;
    s3.fault = ({ method, url }) => {
      if (!changed && method === "PUT" && url?.includes("card")) {
        s3.put(originalBucket, "a.png", newer);
        changed = true;
      }
      return false;
    };
    place(["present", "absent"]);
    const { outcome } = await ask(2, { etag: etagOf(picture) });

    expect(outcome).toMatchObject({ source: { etag: etagOf(newer) }, present: [] });
    for (const key of ["thumb-a.png", "card-a.png.webp"])
      expect(s3.get(resizedBucket, key).headers["x-amz-meta-source-etag"]).toBe(etagOf(newer));
  });

  it("says that the source is gone when it is, and something is missing", async () => {
    s3.objects.delete(SOURCE);
    await expect(ask(1, {})).rejects.toMatchObject({ name: "ObjectNotFound" });
  });

  it("does not take a missing permission for a missing rendition", async () => {
    s3.fault = ({ method, url }, response) => {
      if (method !== "HEAD" || !url?.includes(resizedBucket)) return false;
      refuse(response, 403, "AccessDenied");
      return true;
    };
    await expect(ask(1, { etag: etagOf(picture) })).rejects.toMatchObject({
      name: "ObjectNotReadable",
      message: expect.stringMatching(
        /^Expected access to s3:\/\/resized-images-test\/thumb-a\.png but S3 answered \w+ \(403\); the function needs s3:GetObject on it and s3:ListBucket on its bucket$/,
      ),
    });
    expect(s3.requests.at(-1)).not.toContain("PUT");
  });

  it("is tried again when S3 cannot say whether a rendition is there", async () => {
    s3.fault = (_, response) => {
      refuse(response, 503, "SlowDown");
      return true;
    };
    await expect(ask(2, { etag: etagOf(picture) })).rejects.toMatchObject({ name: "StorageUnavailable" });
  });
});

describe("a dry run", () => {
  it("makes what is missing, writes nothing and says how long it took", async () => {
    place(["present", "absent", "other preset"]);
    const { outcome, requests } = await ask(3, { onlyMissing: false, dryRun: true });

    expect(sorted(requests)).toEqual(
      sorted([...keysOf([0, 1, 2]).map((key) => `HEAD ${key}`), `HEAD ${SOURCE}`, `GET ${SOURCE}`]),
    );
    expect(outcome).toMatchObject({
      status: "SUCCESS",
      renditions: [
        { name: "card", bytes: expect.any(Number) },
        { name: "tiny", bytes: expect.any(Number) },
      ],
      present: ["thumb"],
      milliseconds: expect.any(Number),
    });
  });
});
