import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";

/** A file of the page, ready to be sent. */
export interface PageFile {
  readonly type: string;
  readonly etag: string;
  readonly bytes: Buffer;
  readonly gzipped: Buffer;
}

const PAGE_FOLDER = join(__dirname, "..", "page");

/** The page's own files by their paths: those as they are, and the script, which is bundled. */
const FILES: Readonly<Record<string, { readonly type: string; readonly bytes: () => Promise<Uint8Array> }>> = {
  "/": { type: "text/html; charset=utf-8", bytes: () => plain("index.html") },
  "/icon.svg": { type: "image/svg+xml", bytes: () => plain("icon.svg") },
  "/console.css": { type: "text/css; charset=utf-8", bytes: styles },
  "/console.js": { type: "text/javascript; charset=utf-8", bytes: script },
};

/** Reads and bundles what is asked for, once. Most runs are never looked at. */
export class PageFiles {
  readonly #files = new Map<string, Promise<PageFile>>();

  async find(path: string): Promise<PageFile | undefined> {
    // The browser shows the page without its script, and meanwhile asks for that.
    if (path === "/") this.#file("/console.js")?.catch(() => {});
    return this.#file(path);
  }

  #file(path: string): Promise<PageFile> | undefined {
    const known = this.#files.get(path);
    const source = Object.hasOwn(FILES, path) ? FILES[path] : undefined;
    if (known !== undefined || source === undefined) return known;
    const file = source.bytes().then((bytes) => prepared(source.type, bytes));
    this.#files.set(path, file);
    return file;
  }
}

const plain = (name: string): Promise<Uint8Array> => readFile(join(PAGE_FOLDER, name));

/** A rule stands behind those that it overrules. */
const STYLES = [
  "tokens",
  "elements",
  "layout",
  "upload",
  "lists",
  "status",
  "pictures",
  "drawing",
  "history",
  "decisions",
  "log",
  "shortcuts",
  "narrow",
  "comparison",
  "workshop",
];

/** In one file: each that a page waits for shows it later. */
async function styles(): Promise<Uint8Array> {
  return Buffer.concat(await Promise.all(STYLES.map((name) => plain(join("styles", `${name}.css`)))));
}

async function script(): Promise<Uint8Array> {
  // Loaded now and not at the start: most runs are never looked at. (Jest has no import() of its own.)
  const { build, stop }: typeof import("esbuild") = require("esbuild");
  const { outputFiles } = await build({
    entryPoints: [join(PAGE_FOLDER, "main.tsx")],
    bundle: true,
    write: false,
    minify: true,
    format: "esm",
    target: "es2022",
    jsx: "automatic",
    jsxImportSource: "preact",
    legalComments: "none",
  });
  // It is a process of its own, and has nothing more to do.
  await stop();
  const [file] = outputFiles;
  if (file === undefined) throw new Error("expected a script of the page but received none");
  return file.contents;
}

async function prepared(type: string, contents: Uint8Array): Promise<PageFile> {
  const bytes = Buffer.from(contents);
  const etag = `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 22)}"`;
  return { type, etag, bytes, gzipped: await promisify(gzip)(bytes) };
}
