import type { ServerResponse } from "node:http";
import type { Changes, ExecutionSummary, LogLine, MapRunSummary } from "../wire";

/** Changes of so long go out together: a burst of a thousand executions is a few dozen messages. */
const GATHER_MS = 80;

/** A connection that nothing is said on may be taken for a dead one. */
const HEARTBEAT_MS = 15_000;

/** Lines of one message; whoever wants all of them asks for the log. */
const MOST_LINES = 300;

/** What a page has not taken yet; its connection ends there. */
const MOST_WAITING_BYTES = 4 * 1024 ** 2;

/** What can be asked for when a message is written, so that of many changes of one thing the last is told. */
export type Look<Value> = () => Value | undefined;

/** Tells the open pages what changes, as server-sent events. Without a page it remembers nothing. */
export class EventStream {
  readonly #pages = new Set<ServerResponse>();
  readonly #executions = new Map<string, Look<ExecutionSummary>>();
  readonly #mapRuns = new Map<string, Look<MapRunSummary>>();
  readonly #objects = new Map<string, { readonly bucket: string; readonly key: string }>();
  #log: LogLine[] = [];
  #timer: NodeJS.Timeout | undefined;
  #heartbeat: NodeJS.Timeout | undefined;

  /** Whether anybody looks. */
  get watched(): boolean {
    return this.#pages.size > 0;
  }

  open(response: ServerResponse, headers: Readonly<Record<string, string>>): void {
    response.writeHead(200, { ...headers, "content-type": "text/event-stream", "cache-control": "no-store" });
    response.write("retry: 1000\n\n");
    this.#pages.add(response);
    this.#heartbeat ??= setInterval(() => this.#say(": still here\n\n"), HEARTBEAT_MS).unref();
    response.once("close", () => this.#pages.delete(response));
  }

  execution(arn: string, look: Look<ExecutionSummary>): void {
    if (this.watched) this.#gather(() => this.#executions.set(arn, look));
  }

  mapRun(arn: string, look: Look<MapRunSummary>): void {
    if (this.watched) this.#gather(() => this.#mapRuns.set(arn, look));
  }

  object(bucket: string, key: string): void {
    if (this.watched) this.#gather(() => this.#objects.set(`${bucket}/${key}`, { bucket, key }));
  }

  line(line: LogLine): void {
    if (this.watched) this.#gather(() => this.#log.push(line));
  }

  stop(): void {
    clearInterval(this.#heartbeat);
    clearTimeout(this.#timer);
    for (const page of this.#pages) page.end();
  }

  #gather(add: () => void): void {
    add();
    this.#timer ??= setTimeout(() => this.#flush(), GATHER_MS);
  }

  #flush(): void {
    this.#timer = undefined;
    const changes: Changes = {
      executions: [...this.#executions.values()].map((look) => look()).filter((one) => one !== undefined),
      mapRuns: [...this.#mapRuns.values()].map((look) => look()).filter((one) => one !== undefined),
      objects: [...this.#objects.values()],
      log: this.#log.slice(-MOST_LINES),
    };
    this.#executions.clear();
    this.#mapRuns.clear();
    this.#objects.clear();
    this.#log = [];
    this.#say(`data: ${JSON.stringify(changes)}\n\n`);
  }

  #say(text: string): void {
    for (const page of this.#pages) {
      page.write(text);
      // A page that is asleep reads everything anew when it comes back.
      if (page.writableLength > MOST_WAITING_BYTES) page.destroy();
    }
  }
}
