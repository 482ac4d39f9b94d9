import { appendFileSync, mkdtempSync, readdirSync, rmSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DataFolder } from "../s3/store/data-folder";

const BUCKET = { name: "plain", versioning: undefined };
const PROPERTIES = { headers: {}, metadata: {}, encryption: { algorithm: "AES256" } } as const;

/** What the power takes with it when nothing waits for the disk. */
describe("a data folder after its power was cut", () => {
  let folder: string;
  const files: Record<string, string> = {};

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "s3-lost-"));
    const { data, store } = open();
    for (const key of ["kept", "shorter", "gone"]) {
      const writer = data.storage.writer();
      await writer.write(Buffer.from(key));
      const body = await writer.end();
      files[key] = String(body.segments[0]?.holding.content);
      store.put(key, { ...PROPERTIES, body, etag: "e" });
    }
    store.delete("nothing");
    data.close();
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function open() {
    const data = new DataFolder(folder, [BUCKET]);
    const store = data.stores.get(BUCKET.name);
    if (store === undefined) throw new Error("expected the bucket");
    return { data, store };
  }
  const keys = () => {
    const { data, store } = open();
    data.close();
    return { keys: ["kept", "shorter", "gone"].filter((key) => store.current(key) !== undefined), lost: data.lost };
  };

  it("has what is whole, and not what is not", () => {
    truncateSync(files.shorter ?? "", 2);
    rmSync(files.gone ?? "");

    expect(keys()).toEqual({ keys: ["kept"], lost: ["plain/shorter", "plain/gone"] });
    expect(keys()).toEqual({ keys: ["kept"], lost: [] });
    expect(readdirSync(join(folder, "bodies"))).toHaveLength(1);
  });

  it.each([
    ["zeros", Buffer.alloc(64)],
    ["a length and zeros", Buffer.concat([Buffer.from([0, 0, 0, 60]), Buffer.alloc(60)])],
  ])("ends its journal where there are %s", (_what, tail) => {
    appendFileSync(join(folder, "plain.journal"), tail);

    expect(keys()).toEqual({ keys: ["kept", "shorter", "gone"], lost: [] });
  });
});
