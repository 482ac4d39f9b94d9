import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { build } from "esbuild";

/** A file of the page, ready to be sent. */
export interface PageFile {
  readonly type: string;
  readonly etag: string;
  readonly bytes: Buffer;
  readonly gzipped: Buffer;
}

const PAGE_FOLDER = join(__dirname, "..", "page");

/** The page's own files, by path; bundled when they are asked for first, and from memory after that. */
export class PageFiles {
  #bundled: Promise<ReadonlyMap<string, PageFile>> | undefined;

  async find(path: string): Promise<PageFile | undefined> {
    this.#bundled ??= bundle();
    return (await this.#bundled).get(path === "/" ? "/index.html" : path);
  }
}

async function bundle(): Promise<ReadonlyMap<string, PageFile>> {
  const [{ outputFiles }, plain] = await Promise.all([
    build({
      entryPoints: ["main.tsx", "styles.css"].map((name) => ({ in: join(PAGE_FOLDER, name), out: "console" })),
      outdir: "/",
      bundle: true,
      write: false,
      minify: true,
      format: "esm",
      target: "es2022",
      jsx: "automatic",
      jsxImportSource: "preact",
      legalComments: "none",
    }),
    Promise.all(PLAIN_FILES.map(async (name) => [`/${name}`, await readFile(join(PAGE_FOLDER, name))] as const)),
  ]);
  const built = outputFiles.map(({ path, contents }) => [path.slice(path.lastIndexOf("/")), contents] as const);
  const files = await Promise.all(
    [...built, ...plain].map(async ([path, bytes]) => [path, await file(path, bytes)] as const),
  );
  return new Map(files);
}

const PLAIN_FILES = ["index.html", "icon.svg"];

const TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
  css: "text/css; charset=utf-8",
};

async function file(path: string, contents: Uint8Array): Promise<PageFile> {
  const bytes = Buffer.from(contents);
  return {
    type: TYPES[path.slice(path.lastIndexOf(".") + 1)] ?? "application/octet-stream",
    etag: `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 22)}"`,
    bytes,
    gzipped: await promisify(gzip)(bytes),
  };
}
