import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { CREDENTIALS, type Faults, startPipeline } from "./pipeline-stand-in";

const SCRIPT = join(__dirname, "../../operations/smoke-test.sh");
const cleanUps: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

/** Outputs of a stack whose pipeline answers at the URL. */
const outputsOf = (url: string, apiAuth = "none") => ({
  api_url: `${url}/`,
  api_auth: apiAuth,
  original_bucket_name: "original.demo",
  resized_bucket_name: "resized.demo",
  state_machine_arn: "arn:aws:states:eu-west-1:111111111111:stateMachine:ImageProcessingStateMachine-dev",
  region: "eu-west-1",
});

/** A folder with an outputs file and, unless told otherwise, the credentials file of the local runner. */
async function folderFor(stacks: object, endpoint?: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "smoke test-"));
  cleanUps.push(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, "outputs.json"), JSON.stringify(stacks, null, 2));
  if (endpoint !== undefined) {
    const lines = [
      `AWS_ENDPOINT_URL=${endpoint}`,
      `AWS_ACCESS_KEY_ID=${CREDENTIALS.accessKeyId}`,
      `AWS_SECRET_ACCESS_KEY=${CREDENTIALS.secretAccessKey}`,
    ];
    await writeFile(join(folder, "aws.env"), `${lines.join("\n")}\n`);
  }
  return folder;
}

/** Runs the script as a user's shell would, with no AWS variable but those given. */
function smoke(folder: string, args: readonly string[] = [], env: Record<string, string> = {}) {
  const child = execFile("bash", [SCRIPT, "--outputs", join(folder, "outputs.json"), ...args], {
    env: { PATH: process.env.PATH, ...env },
  });
  let output = "";
  child.stdout?.on("data", (text) => (output += text));
  child.stderr?.on("data", (text) => (output += text));
  const ended = new Promise<{ code: number | null; output: string }>((resolve) =>
    child.on("close", (code) => resolve({ code, output })),
  );
  return { child, ended };
}

async function smokeWith(faults: Faults, args: readonly string[] = [], more: (url: string) => object = () => ({})) {
  const pipeline = await startPipeline(faults);
  cleanUps.push(pipeline.close);
  const apiAuth = faults.apiAuth === "nobody" ? "iam" : faults.apiAuth;
  const outputs = { ...outputsOf(pipeline.url, apiAuth), ...more(pipeline.url) };
  const folder = await folderFor({ "image-pipeline-dev": outputs }, pipeline.url);
  return { pipeline, ...(await smoke(folder, args).ended) };
}

describe("smoke-test.sh", () => {
  const working = smokeWith({});

  it.concurrent("passes every step on a pipeline that works, with requests signed as AWS checks them", async () => {
    const { code, output } = await working;

    expect(output.match(/^(PASS|FAIL) {2}.{18}/gm)).toEqual([
      "PASS  upload            ",
      "PASS  POST /resized     ",
      "PASS  POST /process     ",
      "PASS  POST /dev/process ",
      "PASS  PUT /executions   ",
      "PASS  missing object    ",
      "PASS  clean up          ",
    ]);
    expect(code).toBe(0);
  });

  const delivered = (url: string) => ({ delivery_url: `${url}/delivery` });

  it.concurrent.each<Faults>([{}, { delivery: "late" }])(
    "reads a rendition as browsers do, and one that is not there, where the stack delivers them: %j",
    async (faults) => {
      const { code, output, pipeline } = await smokeWith(faults, [], delivered);

      expect(output).toMatch(/^PASS {2}delivery +http:.*\/delivery\/smoke-test\/.*\/thumb-%C3%A9t%C3%A9%201\.jpeg$/m);
      expect(output).toMatch(/^PASS {2}missing picture +404$/m);
      expect(output).toMatch(/^all 9 checks passed$/m);
      expect([...pipeline.objects.keys()]).toEqual([]);
      expect(code).toBe(0);
    },
  );

  it.concurrent("asks a name of its own at the distribution, for DNS may not point there yet", async () => {
    const { code, output } = await smokeWith({}, [], (url) => ({
      delivery_url: `${url.replace("127.0.0.1", "pictures.invalid")}/delivery`,
      delivery_domain_name: "127.0.0.1",
    }));

    expect(output).toMatch(/^PASS {2}delivery +http:\/\/pictures\.invalid:/m);
    expect(output).toMatch(/^PASS {2}missing picture +404$/m);
    expect(code).toBe(0);
  });

  it.concurrent("says which name does not resolve where the distribution's is not known", async () => {
    const { code, output } = await smokeWith({}, ["--timeout", "1"], (url) => ({
      delivery_url: `${url.replace("127.0.0.1", "pictures.invalid")}/delivery`,
    }));

    expect(output).toMatch(/^FAIL {2}delivery +http:\/\/pictures\.invalid:.*pictures\.invalid/m);
    expect(code).toBe(1);
  });

  it.concurrent.each<[Faults["delivery"], RegExp]>([
    ["other bytes", /^FAIL {2}delivery +.*: expected the bytes of s3:\/\/resized.demo\/.* but received others$/m],
    ["no nosniff", /^FAIL {2}delivery +.*: expected x-content-type-options: nosniff but received none$/m],
    ["another type", /^FAIL {2}delivery +.*: expected image\/jpeg but received text\/html$/m],
    ["says 403", /^FAIL {2}delivery +.*: expected 200 but received 403 Forbidden$/m],
    ["says 403", /^FAIL {2}missing picture +.*missing\.jpeg: expected 404 but received 403 Forbidden$/m],
  ])("fails for a delivery with %s", async (delivery, line) => {
    const { code, output } = await smokeWith({ ...(delivery && { delivery }) }, ["--timeout", "2"], delivered);

    expect(output).toMatch(line);
    expect(code).toBe(1);
  });

  it.concurrent.each([
    ["iam", [], 403],
    ["jwt", ["--token", "a.b.c"], 401],
  ] as const)("calls an API with %s as it asks for, and sees it refuse others", async (apiAuth, args, status) => {
    const { code, output } = await smokeWith({ apiAuth }, args);

    expect(output).toMatch(new RegExp(`^PASS {2}anonymous call +refused with ${status}$`, "m"));
    expect(code).toBe(0);
  });

  it.concurrent("fails on an API that lets everyone in and should not", async () => {
    const { code, output } = await smokeWith({ apiAuth: "nobody" });

    expect(output).toMatch(/^FAIL {2}anonymous call +expected 401 or 403 but received 200 /m);
    expect(code).toBe(1);
  });

  it.concurrent("asks for a token before it does anything", async () => {
    const { code, output } = await smokeWith({ apiAuth: "jwt" });

    expect([code, output]).toEqual([2, expect.stringContaining("asks for a token; give it with --token")]);
  });

  it.concurrent("tries again while IAM does not know yet what the pipeline's roles may do", async () => {
    const { code, output } = await smokeWith({ deniedStarts: "the first two" });

    expect([code, output]).toEqual([0, expect.stringContaining("PASS  POST /resized")]);
  });

  it.concurrent("fails at once on a denial after a start that went through", async () => {
    const { code, output } = await smokeWith({ deniedStarts: "the last" });

    expect(output).toMatch(/^FAIL {2}missing object {5}expected 200 .* but received 400 .*AccessDeniedException/m);
    expect(code).toBe(1);
  });

  it.concurrent("prints the error and cause of the execution that has to fail", async () => {
    const { output } = await working;

    expect(output).toMatch(
      /^PASS {2}missing object +FAILED with ObjectNotFound: no object "smoke-test\/.+\/missing.jpeg" to read$/m,
    );
  });

  it.concurrent("writes nothing to a bucket that was there, and takes the picture that its owner has put there", async () => {
    const pipeline = await startPipeline();
    cleanUps.push(pipeline.close);
    const outputs = { ...outputsOf(pipeline.url), original_bucket_existing: "true" };
    const folder = await folderFor({ "image-pipeline-dev": outputs }, pipeline.url);
    const without = await smoke(folder).ended;
    const there = "/original.demo/smoke-test/picture.jpg";
    pipeline.objects.set(there, readFileSync(join(__dirname, "../../operations/smoke-test.jpg")));
    const { code, output } = await smoke(folder).ended;

    expect([without.code, without.output]).toEqual([
      1,
      expect.stringMatching(
        /ObjectNotFound.*aws s3 cp .*\/smoke-test\.jpg s3:\/\/original\.demo\/smoke-test\/picture\.jpg\n$/s,
      ),
    ]);
    expect(output.match(/^(PASS|FAIL) {2}\S+ ?\S+/gm)).toEqual([
      "PASS  POST /resized",
      "PASS  POST /process",
      "PASS  POST /dev/process",
      "PASS  PUT /executions",
      "PASS  missing object",
      "PASS  clean up",
    ]);
    expect(code).toBe(0);
    expect(pipeline.sources).toEqual([]);
    expect([...pipeline.objects.keys()]).toEqual([there]);
  });

  it.concurrent("leaves no object behind and uses new keys in each run", async () => {
    const { pipeline } = await working;
    const folder = await folderFor({ "image-pipeline-dev": outputsOf(pipeline.url) }, pipeline.url);
    await smoke(folder).ended;

    expect([...pipeline.objects.keys()]).toEqual([]);
    expect(new Set(pipeline.sources).size).toBe(2);
  });

  it.concurrent("leaves no thumbnail that the upload itself has made while it cleans up", async () => {
    const { pipeline, output } = await smokeWith({ uploadTrigger: "writes late" });

    expect([...pipeline.objects.keys()]).toEqual([]);
    expect(output).toMatch(/^all 7 checks passed$/m);
  });

  it.concurrent.each(["jpeg", "png", "webp", "gif", "avif"] as const)(
    "takes a %s of the user's, smaller than a thumbnail",
    async (format) => {
      const folder = await mkdtemp(join(tmpdir(), "smoke picture-"));
      cleanUps.push(() => rm(folder, { recursive: true }));
      const image = join(folder, "my picture");
      await sharp({ create: { width: 90, height: 200, channels: 3, background: "teal" } })
        .toFormat(format)
        .toFile(image);

      const { code, output } = await smokeWith({}, ["--image", image]);

      expect(output).toContain(`is a ${format} of 90 x 200`);
      expect(code).toBe(0);
    },
  );

  it.concurrent.each<[string, Faults, RegExp]>([
    [
      "a thumbnail of the wrong size",
      { thumbnailSize: 200 },
      /^FAIL {2}POST \/resized .* expected a jpeg with a longest side of 256 but received jpeg 200 131$/m,
    ],
    [
      "an object that is no picture",
      { writes: "text" },
      /^FAIL {2}POST \/process .* expected a jpeg .* but received not a picture$/m,
    ],
    [
      "an object that was not written",
      { writes: "nothing" },
      /^FAIL {2}POST \/resized .* expected 200 but received 404 <Code>NoSuchKey<\/Code>$/m,
    ],
    [
      "a route missing on the stage",
      { formOnStage: "answers 404" },
      /^FAIL {2}POST \/dev\/process .* but received 404 {"message":"Not Found"}$/m,
    ],
    [
      "an execution that fails",
      { executions: "fail" },
      /^FAIL {2}POST \/resized +expected SUCCEEDED but received FAILED: ObjectNotFound: /m,
    ],
    [
      "another state machine than the stack's",
      { machine: "Other" },
      /^FAIL {2}POST \/resized +expected an execution of .*:ImageProcessingStateMachine-dev but received .*:Other:0$/m,
    ],
    [
      "success where the object is missing",
      { missingObject: "succeeds" },
      /^FAIL {2}missing object +expected FAILED with an error but received SUCCEEDED$/m,
    ],
    [
      "a failure that names no error",
      { missingObject: "fails without an error" },
      /^FAIL {2}missing object +expected FAILED with an error but received FAILED$/m,
    ],
    [
      "objects it cannot remove",
      { deletes: "refused" },
      /^FAIL {2}clean up +could not remove s3:\/\/original.demo\/smoke-test\/.* \(403 /m,
    ],
  ])("fails for %s", async (_, faults, line) => {
    const { code, output } = await smokeWith(faults);

    expect(output).toMatch(line);
    expect(output).toMatch(/^\d of 7 checks failed$/m);
    expect(code).toBe(1);
  });

  it.concurrent("gives an execution no longer than --timeout", async () => {
    const { code, output } = await smokeWith({ executions: "never end" }, ["--timeout", "1"]);

    expect(output).toMatch(/^FAIL {2}POST \/resized +arn:.* has not ended after 1 s$/m);
    expect(code).toBe(1);
  });

  it.concurrent("fails plainly when nothing listens", async () => {
    const pipeline = await startPipeline();
    await pipeline.close();
    const folder = await folderFor({ "image-pipeline-dev": outputsOf(pipeline.url) }, pipeline.url);

    const { code, output } = await smoke(folder).ended;

    expect(output).toMatch(/^FAIL {2}upload .*expected 200 but received curl: \(7\)/m);
    expect(code).toBe(1);
  });

  it.concurrent("cleans up when it is interrupted", async () => {
    const pipeline = await startPipeline({ executions: "never end" });
    cleanUps.push(pipeline.close);
    const folder = await folderFor({ "image-pipeline-dev": outputsOf(pipeline.url) }, pipeline.url);
    const { child, ended } = smoke(folder);
    await new Promise<void>((resolve) =>
      child.stdout?.on("data", (text) => String(text).includes("PASS  upload") && resolve()),
    );
    expect(pipeline.objects.size).toBeGreaterThan(0);

    child.kill("SIGINT");
    const { code } = await ended;

    expect([...pipeline.objects.keys()]).toEqual([]);
    expect(code).toBe(130);
  });

  it.concurrent("uses credentials from the environment, also temporary ones, when the endpoint is set there", async () => {
    const pipeline = await startPipeline();
    cleanUps.push(pipeline.close);
    const folder = await folderFor({ "image-pipeline-dev": outputsOf(pipeline.url) });

    const { output } = await smoke(folder, [], {
      AWS_ENDPOINT_URL: pipeline.url,
      AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
      AWS_SESSION_TOKEN: "IQoJb3JpZ2luX2VjE+/==",
    }).ended;

    expect(output).toMatch(/^all 7 checks passed$/m);
  });

  it.concurrent("tests the stack that --stack names", async () => {
    const pipeline = await startPipeline();
    cleanUps.push(pipeline.close);
    const stacks = {
      "image-pipeline-prod": outputsOf("http://127.0.0.1:1"),
      "image-pipeline-dev": outputsOf(pipeline.url),
    };
    const folder = await folderFor(stacks, pipeline.url);

    const { output } = await smoke(folder, ["--stack", "image-pipeline-dev"]).ended;

    expect(output).toMatch(/^all 7 checks passed$/m);
  });
});

describe("smoke-test.sh refuses to start", () => {
  const stack = outputsOf("http://127.0.0.1:1");
  const { region: _region, ...withoutRegion } = stack;

  it.concurrent.each<[string, object, readonly string[], string]>([
    ["without credentials", { "image-pipeline-dev": stack }, [], "no AWS credentials in the environment"],
    [
      "with several stacks and no choice",
      { a: stack, b: stack },
      [],
      "holds several stacks; choose one with --stack: a b",
    ],
    ["with a stack that is not there", { a: stack }, ["--stack", "b"], "has no stack b; it holds: a"],
    ["with no stack at all", {}, [], "holds no stack"],
    ["with an output missing", { a: withoutRegion }, [], "a has no output region in"],
    ["with an image it cannot read", { a: stack }, ["--image", "/nowhere.jpg"], "--image: cannot read /nowhere.jpg"],
    ["with an unknown argument", { a: stack }, ["--verbose"], "unknown argument --verbose; see --help"],
    ["with a value missing", { a: stack }, ["--stack"], "--stack needs a value"],
    [
      "with a timeout that is none",
      { a: stack },
      ["--timeout", "soon"],
      "--timeout: expected whole seconds but received soon",
    ],
  ])("%s", async (_, stacks, args, message) => {
    const { code, output } = await smoke(await folderFor(stacks), args).ended;

    expect(output).toContain(`smoke-test: `);
    expect(output).toContain(message);
    expect(code).toBe(2);
  });

  it.concurrent("without an outputs file, and says how to get one", async () => {
    const { code, output } = await smoke("/nowhere").ended;

    expect(output).toContain("no outputs at /nowhere/outputs.json; run `npm start` in another shell first");
    expect(code).toBe(2);
  });

  it.concurrent("with a file that is no picture", async () => {
    const folder = await folderFor({ a: stack }, "http://127.0.0.1:1");

    const { code, output } = await smoke(folder, ["--image", join(folder, "aws.env")]).ended;

    expect(output).toContain("--image: expected a JPEG, PNG, GIF, WebP or AVIF but received");
    expect(code).toBe(2);
  });
});
