/** An object that a backfill will look at, or a line of a list of keys, which says no more than the key. */
export interface FoundPicture {
  readonly key: string;
  readonly bytes?: number;
  readonly etag?: string;
}

/** What was found of one extension. */
export interface OfExtension {
  readonly extension: string;
  readonly count: number;
  /** Undefined where nobody said how large they are. */
  readonly bytes: number | undefined;
  /** Some of them, each with the same chance to be here. */
  readonly samples: readonly FoundPicture[];
}

// More would say no more about how long such a picture takes.
const SAMPLES_OF_AN_EXTENSION = 24;
// What people append to keys can be anything; past this it is counted together.
const MAX_EXTENSIONS = 50;
const OTHERS = "(others)";

/** Counts pictures by extension and keeps some of each, however many there are. */
export class FoundPictures {
  #total = 0;
  readonly #kinds = new Map<string, { count: number; bytes: number; sized: boolean; samples: FoundPicture[] }>();

  constructor(private readonly random: () => number = Math.random) {}

  get total(): number {
    return this.#total;
  }

  /** The most frequent first. */
  get byExtension(): readonly OfExtension[] {
    return [...this.#kinds]
      .map(([extension, { count, bytes, sized, samples }]) => ({
        extension,
        count,
        bytes: sized ? bytes : undefined,
        samples,
      }))
      .sort((one, other) => other.count - one.count);
  }

  add(picture: FoundPicture): void {
    // A child of the backfill passes over these two as well.
    if (picture.key.endsWith("/") || picture.bytes === 0) return;
    this.#total += 1;
    const kind = this.#kindOf(extensionOf(picture.key));
    kind.count += 1;
    kind.bytes += picture.bytes ?? 0;
    kind.sized &&= picture.bytes !== undefined;
    // Reservoir sampling: https://en.wikipedia.org/wiki/Reservoir_sampling#Simple:_Algorithm_R
    const place =
      kind.samples.length < SAMPLES_OF_AN_EXTENSION ? kind.samples.length : Math.floor(this.random() * kind.count);
    if (place < SAMPLES_OF_AN_EXTENSION) kind.samples[place] = picture;
  }

  #kindOf(extension: string) {
    const name = this.#kinds.has(extension) || this.#kinds.size < MAX_EXTENSIONS ? extension : OTHERS;
    const kind = this.#kinds.get(name) ?? { count: 0, bytes: 0, sized: true, samples: [] };
    this.#kinds.set(name, kind);
    return kind;
  }
}

/** `.jpg` of `a/b.JPG`; `(none)` where there is none. */
function extensionOf(key: string): string {
  const [extension] = /\.[^./]{1,10}$/.exec(key) ?? [];
  return extension?.toLowerCase() ?? "(none)";
}
