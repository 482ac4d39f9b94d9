/** Bytes of UTF-8 as text, chunk by chunk; characters that two chunks share are put together, a byte order mark is left out. */
export async function* textChunks(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  for await (const chunk of bytes) yield decoder.decode(chunk, { stream: true });
  yield decoder.decode();
}

/** Lines without what ends them; the last needs no end, and none comes after the last end. */
export async function* lines(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = "";
  for await (const chunk of chunks) {
    const [first = "", ...others] = chunk.split("\n");
    if (others.length === 0) {
      rest += first;
      continue;
    }
    yield withoutReturn(rest + first);
    rest = others.pop() ?? "";
    for (const line of others) yield withoutReturn(line);
  }
  if (rest !== "") yield withoutReturn(rest);
}

function withoutReturn(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}
