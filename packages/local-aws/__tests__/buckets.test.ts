import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runTypeScript, synthesizeDevWith } from "./support/local-project";
import type { Trial } from "./support/local-trial";

const KEY = "arn:aws:kms:eu-central-1:111111111111:key/01234567-89ab-cdef-0123-456789abcdef";
const PAGES = { allowOrigins: ["https://pages.example.com"], allowHeaders: ["content-type"], maxAgeSeconds: 60 };

describe("the buckets of a stack", () => {
  const folder = mkdtempSync(join(tmpdir(), "buckets-"));
  let pages: { answers: Record<string, unknown>; asked: number; executions: readonly string[] };
  let trials: readonly Trial[];

  beforeAll(async () => {
    const [uploads, there] = await Promise.all([
      synthesizeDevWith(
        { encryption: { kmsKeyArn: KEY }, uploads: { suffixes: [".jpg"], cors: PAGES } },
        join(folder, "pages"),
      ),
      synthesizeDevWith(
        {
          delivery: {},
          deleteRenditions: true,
          originalBucket: { name: "photos-of-ten-years", existing: true, kmsKeyArn: KEY },
        },
        join(folder, "there"),
      ),
    ]);
    const script = "packages/local-aws/__tests__/support/bucket-trials.ts";
    ({ pages, trials } = JSON.parse(await runTypeScript(script, [uploads, there, KEY])));
  }, 300_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  it("take uploads of the pages that the environment names, by presigned PUT and by form, and of no other", () => {
    const allowed = { status: 200, origin: "https://pages.example.com", methods: "PUT, POST" };
    expect(pages.answers).toMatchObject({
      preflightOfPut: allowed,
      preflightOfPost: allowed,
      preflightOfGet: { status: 403, origin: null },
      preflightOfAnother: { status: 403, origin: null },
      put: { status: 200, origin: "https://pages.example.com", exposed: "ETag", encryption: "aws:kms" },
      form: { status: 204, origin: "https://pages.example.com", exposed: "ETag", encryption: "aws:kms" },
    });
  });

  it("start executions for keys with a suffix that is named, in capitals too, and by the API for any", () => {
    expect(pages.asked).toBe(200);
    expect(pages.executions).toEqual(["CAT.JPG SUCCEEDED", "form.jpg SUCCEEDED", "notes.txt SUCCEEDED"]);
  });

  it("may be there already: an upload there is resized", () => {
    expect(trials[0]).toMatchObject({
      http: 200,
      api: "SUCCEEDED",
      upload: "SUCCEEDED",
      delivered: 200,
      left: 0,
      denied: [],
    });
  });

  it.each([
    ["ReadOriginals", "s3:GetObject on resource: arn:aws:s3:::photos-of-ten-years/cat.jpg"],
    ["DecryptOriginals", `kms:Decrypt on resource: ${KEY}`],
  ])("are read with what it takes and no more: without %s the run says so", (sid, denial) => {
    const found = trials.find(({ name }) => name === sid);
    expect(found?.denied[0]).toContain(`is not authorized to perform: ${denial}`);
    expect(found?.denied[0]).toContain("aws_iam_role.resize_access_role");
  });
});
