import { Agent, get, type IncomingMessage } from "node:http";

/** The page does the same: at most so often it reads its list anew. */
const REFRESH_MS = 250;

const connections = new Agent({ keepAlive: true });

/** A console as it is open in a browser, without what the browser does with it: it listens, and reads what has changed. */
export class OpenConsole {
  #timer: NodeJS.Timeout | undefined;

  private constructor(
    private readonly url: string,
    private readonly stream: IncomingMessage,
  ) {
    stream.on("data", (piece: Buffer) => {
      if (piece.includes("data:")) this.#timer ??= setTimeout(() => this.#refresh(), REFRESH_MS);
    });
  }

  static async at(url: string): Promise<OpenConsole> {
    const stream = await answer(`${url}/api/events`);
    await new Promise((resolve) => stream.once("data", resolve));
    return new OpenConsole(url, stream);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.stream.destroy();
  }

  async #refresh(): Promise<void> {
    this.#timer = undefined;
    (await answer(`${this.url}/api/executions?from=0&limit=100`)).resume();
  }
}

function answer(url: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => get(url, { agent: connections }, resolve).once("error", reject));
}
