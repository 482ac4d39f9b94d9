import { createServer, type IncomingMessage } from "node:http";
import sharp from "sharp";
import { signatureFault } from "./signature-v4";

/** The credentials the stand-in knows. */
export const CREDENTIALS = {
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
};

/** What the stand-in does wrong, so that the smoke test can be seen to notice. */
export interface Faults {
  readonly thumbnailSize?: number;
  readonly formOnStage?: "answers 404";
  readonly missingObject?: "succeeds" | "fails without an error";
  readonly executions?: "never end" | "fail";
  readonly writes?: "text" | "nothing";
  readonly deletes?: "refused";
  /** No fault, but what an execution that the upload started may do: write when the run already cleans up. */
  readonly uploadTrigger?: "writes late";
  readonly machine?: string;
  /** What the API asks of its callers; "nobody" is one that says so and lets everyone in. */
  readonly apiAuth?: "iam" | "jwt" | "nobody";
  /** What is wrong with the delivery, or at first. */
  readonly delivery?: "other bytes" | "no nosniff" | "another type" | "says 403" | "late";
  /** Starts are denied: the first two, as in the first seconds of a pipeline, or the fifth, long after. */
  readonly deniedStarts?: "the first two" | "the last";
}

interface Execution {
  readonly input: string;
  readonly status: string;
  readonly error?: string;
  readonly cause?: string;
  polls: number;
}

/** A pipeline of one short file: the HTTP API, S3 and DescribeExecution, every AWS request's signature verified. */
export async function startPipeline(faults: Faults = {}) {
  const objects = new Map<string, Buffer>();
  const executions = new Map<string, Execution>();
  const sources: string[] = [];
  /** Thumbnails that are still to be written. */
  const late = new Set<string>();
  let starts = 0;
  let deliveries = 0;
  const thumbnailOf = (path: string) =>
    path.replace("/original.demo/", "/resized.demo/").replace(/([^/]*)$/, "thumbnail-$1");

  async function execute(body: string): Promise<Execution> {
    const form: Record<string, string> = JSON.parse(body);
    const key = form.key ?? form.fileName ?? "";
    const source = objects.get(`/original.demo/${key}`);
    if (source === undefined && faults.missingObject === "fails without an error")
      return { input: body, status: "FAILED", polls: 0 };
    if ((source === undefined && faults.missingObject !== "succeeds") || faults.executions === "fail") {
      return { input: body, status: "FAILED", error: "ObjectNotFound", cause: `no object "${key}" to read`, polls: 0 };
    }
    if (source !== undefined && faults.writes !== "nothing") {
      const target = key.replace(/([^/]*)$/, `${form.key === undefined ? "thumbnail" : "thumb"}-$1`);
      const side = faults.thumbnailSize ?? 256;
      const small = await sharp(source).resize(side, side, { fit: "inside", withoutEnlargement: true }).toBuffer();
      objects.set(`/resized.demo/${target}`, faults.writes === "text" ? Buffer.from("not a picture") : small);
    }
    return { input: body, status: "SUCCEEDED", polls: 0 };
  }

  function describe(arn: string): string {
    const execution = executions.get(arn);
    if (execution === undefined) return "";
    execution.polls += 1;
    // The first execution is still running when it is asked for the first time.
    const ended = execution.polls > (arn.endsWith(":0") ? 1 : 0) && faults.executions !== "never end";
    // The words of the fields stand inside input and output too, as they do on AWS.
    return JSON.stringify({
      executionArn: arn,
      input: execution.input,
      output: '{"status":"SUCCESS","error":"none"}',
      startDate: 1.7e9,
      status: ended ? execution.status : "RUNNING",
      ...(ended && execution.error !== undefined ? { error: execution.error, cause: execution.cause } : {}),
    });
  }

  async function answer(request: IncomingMessage, body: Buffer): Promise<[number, string | Buffer]> {
    const url = request.url ?? "";
    const isStart =
      ["/resized", "/process", "/dev/process"].includes(url) ||
      (request.method === "PUT" && url.startsWith("/executions/"));
    if (isStart && faults.apiAuth === "iam" && signatureFault(request, body, CREDENTIALS.secretAccessKey) !== undefined)
      return [403, '{"message":"Forbidden"}'];
    if (isStart && faults.apiAuth === "jwt" && request.headers.authorization !== "Bearer a.b.c")
      return [401, '{"message":"Unauthorized"}'];
    if (isStart) {
      starts += 1;
      if (faults.deniedStarts === "the first two" ? starts <= 2 : faults.deniedStarts === "the last" && starts >= 5)
        return [
          400,
          '{"__type":"AccessDeniedException","message":"is not authorized to perform: states:StartExecution"}',
        ];
      if (url === "/dev/process" && faults.formOnStage === "answers 404") return [404, '{"message":"Not Found"}'];
      const arn = `arn:aws:states:eu-west-1:111111111111:execution:${faults.machine ?? "ImageProcessingStateMachine-dev"}:${executions.size}`;
      executions.set(arn, await execute(body.toString()));
      return [200, JSON.stringify({ executionArn: arn, startDate: 1.7e9 })];
    }
    const fault = signatureFault(request, body, CREDENTIALS.secretAccessKey);
    if (fault !== undefined) return [403, `<Code>SignatureDoesNotMatch</Code> ${fault}`];
    if (url === "/") return [200, describe(JSON.parse(body.toString()).executionArn)];
    const path = decodeURIComponent(url);
    if (request.method === "PUT") {
      objects.set(path, body);
      sources.push(path);
      return [200, ""];
    }
    if (request.method === "DELETE") {
      if (faults.deletes === "refused") return [403, "<Code>AccessDenied</Code>"];
      objects.delete(path);
      if (late.delete(path)) objects.set(path, Buffer.from("late"));
      if (path.startsWith("/original.demo/") && faults.uploadTrigger === "writes late") late.add(thumbnailOf(path));
      return [204, ""];
    }
    return objects.has(path) ? [200, objects.get(path) ?? ""] : [404, "<Code>NoSuchKey</Code>"];
  }

  /** The renditions without a signature, as a distribution delivers them. */
  function deliver(path: string): readonly [number, string | Buffer, Record<string, string>] {
    const headers = {
      "Content-Type": faults.delivery === "another type" ? "text/html" : `image/${path.replace(/.*\./, "")}`,
      ...(faults.delivery !== "no nosniff" && { "X-Content-Type-Options": "nosniff" }),
    };
    deliveries += 1;
    if (faults.delivery === "says 403" || (faults.delivery === "late" && deliveries <= 2))
      return [403, "Forbidden", headers];
    const object = objects.get(`/resized.demo/${path}`);
    if (object === undefined) return [404, "Not found\n", headers];
    return [200, faults.delivery === "other bytes" ? "other" : object, headers];
  }

  const server = createServer((request, response) => {
    const [, delivered] = /^\/delivery\/(.*)$/.exec(decodeURIComponent(request.url ?? "")) ?? [];
    if (delivered !== undefined) {
      const [status, body, headers] = deliver(delivered);
      response.writeHead(status, headers).end(body);
      return;
    }
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", async () => {
      const [status, body] = await answer(request, Buffer.concat(chunks));
      response.writeHead(status).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("expected a TCP port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    /** What is stored now, as /bucket/key. */
    objects,
    /** Every upload so far, as /bucket/key. */
    sources,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
