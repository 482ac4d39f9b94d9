import { AwsError } from "../aws-error";

/** Says what is wrong with a chunk or the trailing headers, by the signature that came with them. */
export interface ChunkVerifier {
  /** Takes the chunks in their order, the empty one last. @throws AwsError SignatureDoesNotMatch */
  chunk(payload: Buffer, signature: string): void;
  /** @param trailers their lines as they came, each with its line feed @throws AwsError SignatureDoesNotMatch */
  trailers(lines: string, signature: string): void;
}

const MAX_LINE_BYTES = 4096;
const LINE_END = Buffer.from("\r\n");

/**
 * Takes a payload out of the frames that `x-amz-content-sha256: STREAMING-...` announces: a length in hexadecimal digits, a
 * signature perhaps, and so many bytes; the last frame is empty, and trailing headers may follow.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
export class ChunkDecoder {
  #state: "head" | "payload" | "behind payload" | "trailers" = "head";
  #waiting: Buffer = Buffer.alloc(0);
  /** Bytes of this frame still to come. */
  #left = 0;
  #signature = "";
  #frame: Buffer[] = [];
  #trailerLines: string[] = [];
  #ended = false;

  /** Without a verifier, signatures are not looked at. */
  constructor(private readonly verifier: ChunkVerifier | undefined) {}

  /** The payload in a piece of the body. @throws AwsError IncompleteBody, SignatureDoesNotMatch */
  take(piece: Buffer): Buffer[] {
    const found: Buffer[] = [];
    let rest = this.#waiting.length > 0 ? Buffer.concat([this.#waiting, piece]) : piece;
    this.#waiting = Buffer.alloc(0);
    while (rest.length > 0) {
      if (this.#state === "payload") {
        const taken = rest.subarray(0, this.#left);
        found.push(taken);
        if (this.verifier !== undefined) this.#frame.push(taken);
        this.#left -= taken.length;
        rest = rest.subarray(taken.length);
        if (this.#left === 0) this.#state = "behind payload";
        continue;
      }
      const end = rest.indexOf(LINE_END);
      if (end < 0) {
        if (rest.length > MAX_LINE_BYTES) throw incomplete();
        this.#waiting = rest;
        break;
      }
      this.#line(rest.toString("latin1", 0, end));
      rest = rest.subarray(end + LINE_END.length);
    }
    return found;
  }

  /** The headers that came behind the payload. @throws AwsError IncompleteBody, SignatureDoesNotMatch */
  end(): Readonly<Record<string, string>> {
    if (this.#state !== "trailers") throw incomplete();
    if (this.#waiting.length > 0) this.#line(this.#waiting.toString("latin1"));
    const entries = this.#trailerLines.map((line): [string, string] => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
    });
    const { "x-amz-trailer-signature": signature, ...trailers } = Object.fromEntries(entries);
    if (this.verifier !== undefined && Object.keys(trailers).length > 0) {
      const lines = Object.entries(trailers).map(([name, value]) => `${name}:${value}\n`);
      this.verifier.trailers(lines.sort().join(""), signature ?? "");
    }
    return trailers;
  }

  #line(line: string): void {
    if (this.#state === "behind payload") {
      if (line !== "") throw incomplete();
      this.#endFrame();
      this.#state = "head";
    } else if (this.#state === "head") {
      const [, digits, signature = ""] = /^([0-9a-f]{1,8})(?:;chunk-signature=([^;]*))?(?:;.*)?$/i.exec(line) ?? [];
      if (digits === undefined) throw incomplete();
      this.#left = Number.parseInt(digits, 16);
      this.#signature = signature;
      if (this.#left > 0) this.#state = "payload";
      else {
        this.#endFrame();
        this.#state = "trailers";
      }
    } else if (line === "") this.#ended = true;
    else if (this.#ended || !line.includes(":")) throw incomplete();
    else this.#trailerLines.push(line);
  }

  #endFrame(): void {
    this.verifier?.chunk(Buffer.concat(this.#frame), this.#signature);
    this.#frame = [];
  }
}

function incomplete(): AwsError {
  return new AwsError("IncompleteBody", 400, "The request body terminated unexpectedly");
}
