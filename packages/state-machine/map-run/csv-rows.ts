/**
 * The rows of delimited text (docs: input-output-itemreader, "CSV"): fields may stand in double quotes and then hold
 * delimiters and line ends, a quote in them is doubled. A backslash keeps another backslash, a quote or the delimiter;
 * before anything else it is dropped. Empty lines are no rows.
 */
export async function* csvRows(chunks: AsyncIterable<string>, delimiter: string): AsyncGenerator<readonly string[]> {
  const rows = new RowReader(delimiter);
  for await (const chunk of chunks) yield* rows.read(chunk);
  yield* rows.end();
}

class RowReader {
  private row: string[] = [];
  private field = "";
  /** A field that began, even when it is empty: `""`. */
  private begun = false;
  private quoted = false;
  /** What the character before means for this one: `\`, or a quote inside quotes that may end them. */
  private pending: "" | "\\" | '"' | "\r" = "";

  constructor(private readonly delimiter: string) {}

  *read(chunk: string): Generator<readonly string[]> {
    for (const character of chunk) {
      const row = this.take(character);
      if (row !== undefined) yield row;
    }
  }

  *end(): Generator<readonly string[]> {
    const row = this.endRow();
    if (row !== undefined) yield row;
  }

  private take(character: string): readonly string[] | undefined {
    const before = this.pending;
    this.pending = "";
    if (before === "\\" && (character === "\\" || character === '"' || character === this.delimiter)) {
      this.add(character);
      return undefined;
    }
    if (before === '"') {
      if (character === '"') {
        this.add('"');
        return undefined;
      }
      this.quoted = false;
    }
    if (before === "\r" && character !== "\n") this.add("\r");
    if (character === "\\") this.pending = "\\";
    else if (this.quoted) {
      if (character === '"') this.pending = '"';
      else this.add(character);
    } else if (character === '"' && !this.begun) {
      this.quoted = true;
      this.begun = true;
    } else if (character === this.delimiter) this.endField();
    else if (character === "\n") return this.endRow();
    else if (character === "\r") this.pending = "\r";
    else this.add(character);
    return undefined;
  }

  private add(character: string): void {
    this.field += character;
    this.begun = true;
  }

  private endField(): void {
    this.row.push(this.field);
    this.field = "";
    this.begun = false;
  }

  private endRow(): readonly string[] | undefined {
    if (this.row.length === 0 && !this.begun) return undefined;
    this.endField();
    const { row } = this;
    this.row = [];
    this.quoted = false;
    return row;
  }
}
