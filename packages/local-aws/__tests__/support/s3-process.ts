import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { S3Client } from "@aws-sdk/client-s3";
import { OPERATOR_CREDENTIALS } from "../../iam/credentials";
import type { JsonObject } from "../../json";

/** Statements of IAM by the name of the role that has them. */
export type RoleStatements = Readonly<Record<string, readonly JsonObject[]>>;

/** A change of an object, as an event tells of it. */
export interface StoredChange {
  readonly bucket: string;
  readonly kind: "created" | "deleted";
  readonly reason?: string;
  readonly deletionType?: string;
  readonly version: { readonly key: string; readonly versionId: string; readonly etag?: string };
}

/** S3 of the local runner in a process: the buckets `one`, `two`, `versioned`, and `open`, in which everyone may do everything. */
export class S3Process {
  private constructor(
    readonly endpoint: string,
    private readonly sessions: Readonly<Record<string, typeof OPERATOR_CREDENTIALS>>,
    private readonly child: ChildProcess,
  ) {}

  static async start(roles: RoleStatements = {}, dataFolder?: string): Promise<S3Process> {
    const script = ["--require", require.resolve("tsx/cjs"), require.resolve("./s3-endpoint.ts")];
    const args = [...script, JSON.stringify(roles), ...(dataFolder === undefined ? [] : [dataFolder])];
    const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
    const [line] = await once(createInterface(child.stdout), "line");
    const { endpoint, sessions } = JSON.parse(line);
    return new S3Process(endpoint, sessions, child);
  }

  /** A client of the operator, or of one of the roles. */
  client(role?: string): S3Client {
    const credentials = role === undefined ? OPERATOR_CREDENTIALS : this.sessions[role];
    if (credentials === undefined)
      throw new Error(`Expected one of ${Object.keys(this.sessions)} but received ${role}`);
    const { endpoint } = this;
    return new S3Client({ endpoint, credentials, region: "eu-central-1", forcePathStyle: true, maxAttempts: 1 });
  }

  /** An anonymous request. */
  async fetch(path: string, init: RequestInit = {}): Promise<{ status: number; body: string; headers: Headers }> {
    const response = await fetch(`${this.endpoint}${path}`, init);
    return { status: response.status, body: await response.text(), headers: response.headers };
  }

  /** What happened to objects since the last time. */
  async changed(): Promise<readonly StoredChange[]> {
    return JSON.parse((await this.fetch("/changed")).body);
  }

  /** As `kill -9` does. */
  async kill(): Promise<void> {
    const exit = once(this.child, "exit");
    this.child.kill("SIGKILL");
    await exit;
  }

  async stop(): Promise<void> {
    const exit = once(this.child, "exit");
    this.child.stdin?.end();
    await exit;
  }
}
