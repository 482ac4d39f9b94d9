import { setImmediate as nextTurn } from "node:timers/promises";
import type { Json } from "../data/scope";
import { entriesOf } from "../map-run/child-result";
import { exceeds } from "../map-run/tolerated-failures";
import { ResultFiles } from "../map-run/write-results";
import { type Child, childMachine, resultOf, type StartChild } from "./child";
import { CollectedOutput } from "./collected-output";
import { MapRunCounts } from "./map-run-counts";
import type { Ports } from "./ports";
import type { MapRunHandle, MapRunLimits, MapRunOptions } from "./scope";
import { Aborted } from "./state-failure";

/** docs: API_DescribeMapRun */
export type MapRunStatus = "RUNNING" | "SUCCEEDED" | "FAILED" | "ABORTED";

/** Children that ended well and can still be described; the others are kept for a redrive. */
const KEPT_CHILDREN = 500;

/** docs: state-map-distributed, "runs up to 10,000 parallel child workflow executions". */
const MAX_CONCURRENCY = 10_000;

/** Children started before others get a turn of the event loop. */
const CHILDREN_A_TURN = 100;

/** A child with what a redrive needs to know of it. */
interface Started {
  readonly index: number;
  readonly items: number;
  child: Child;
}

/** Starts children for the items of a distributed Map and gathers what they give (docs: concepts-examine-map-run). */
export class MapRun implements MapRunHandle {
  readonly arn: string;
  /** `stateMachine:<machine>/<label>`, of which its children are executions. */
  readonly childMachineArn: string;
  readonly executionArn: string;
  readonly startedAt: number;
  readonly counts = new MapRunCounts();
  status: MapRunStatus = "RUNNING";
  stoppedAt: number | undefined;
  redriveCount = 0;
  redrivenAt: number | undefined;
  limits: MapRunLimits;
  readonly #options: MapRunOptions;
  readonly #ports: Ports;
  readonly #startChild: StartChild;
  readonly #files: ResultFiles | undefined;
  readonly #children = new Map<string, Started>();
  #unsuccessful: Started[] = [];
  #next = 0;
  #exhausted = false;
  #failure: Error | undefined;
  #wake: () => void = () => {};
  readonly #output = new CollectedOutput();

  /** Throws a `MapRunError` when the place of its results is none. */
  constructor(
    options: MapRunOptions,
    parent: { readonly arn: string; readonly machineArn: string; readonly ports: Ports },
    startChild: StartChild,
  ) {
    const { map, target } = options;
    const label = map.label ?? parent.ports.uuid();
    this.#options = options;
    this.#ports = parent.ports;
    this.#startChild = startChild;
    this.limits = options.limits;
    this.executionArn = parent.arn;
    this.childMachineArn = `${parent.machineArn}/${label}`;
    this.arn = `${this.childMachineArn.replace(":stateMachine:", ":mapRun:")}:${parent.ports.uuid()}`;
    this.startedAt = parent.ports.clock.now();
    this.#files =
      target === undefined ? undefined : new ResultFiles(map.writer, target, this.arn, parent.ports.objects);
  }

  get childType(): "STANDARD" | "EXPRESS" {
    return this.#options.map.childType;
  }

  /** The children that can be described, the newest first. */
  get children(): readonly Child[] {
    return [...this.#children.values()].map(({ child }) => child).reverse();
  }

  child(name: string): Child | undefined {
    return this.#children.get(name)?.child;
  }

  /** Changes the limits for the children to come (docs: API_UpdateMapRun). */
  update(limits: Partial<MapRunLimits>): void {
    this.limits = { ...this.limits, ...limits };
    this.#wake();
  }

  async run(signal: AbortSignal): Promise<Json> {
    const again = this.#unsuccessful;
    this.#unsuccessful = [];
    this.#failure = undefined;
    const redriven = this.status !== "RUNNING";
    if (redriven) this.#redriven();
    const abort = () => this.#fail(new Aborted());
    signal.addEventListener("abort", abort);
    try {
      this.#ports.authorizeChildren(redriven ? "redrive" : "start", this.childMachineArn);
      await this.#startAll(again);
      const output = await this.#result();
      this.status = "SUCCEEDED";
      return output;
    } catch (thrown) {
      this.status = thrown instanceof Aborted ? "ABORTED" : "FAILED";
      throw thrown;
    } finally {
      signal.removeEventListener("abort", abort);
      this.stoppedAt = this.#ports.clock.now();
    }
  }

  #redriven(): void {
    this.status = "RUNNING";
    this.stoppedAt = undefined;
    this.redriveCount++;
    this.redrivenAt = this.#ports.clock.now();
  }

  async #startAll(again: readonly Started[]): Promise<void> {
    let turn = 0;
    for (const started of again) {
      if (!(await this.#hasRoom())) break;
      this.#restart(started);
    }
    while (!this.#exhausted && (await this.#hasRoom())) {
      const next = await this.#options.batches.next().catch((thrown: unknown) => {
        // The items are over: a generator that has thrown gives nothing more.
        this.#exhausted = true;
        this.#fail(thrown instanceof Error ? thrown : new Error(String(thrown)));
      });
      if (next === undefined) break;
      if (next.done) this.#exhausted = true;
      else this.#start(next.value);
      if (++turn % CHILDREN_A_TURN === 0) await nextTurn();
    }
    if (this.#failure === undefined) this.#checkFailures();
    while (this.counts.executions.running > 0) await this.#change();
    this.#checkFailures();
    if (this.#failure !== undefined) {
      await this.#files?.finish();
      throw this.#failure;
    }
  }

  /** Waits until another child may start; false when none may any more. */
  async #hasRoom(): Promise<boolean> {
    const most = () => this.limits.maxConcurrency || MAX_CONCURRENCY;
    while (this.#failure === undefined && this.counts.executions.running >= most()) {
      await this.#change();
    }
    return this.#failure === undefined;
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #start({ input, items }: { readonly input: Json; readonly items: number }): void {
    this.counts.started(items);
    this.#watch({ index: this.#next++, items, child: this.#newChild(JSON.stringify(input), items) });
  }

  /** A Standard child goes on where it failed, an Express child begins anew (docs: redrive-map-run). */
  #restart(started: Started): void {
    this.counts.restarted(started.items, started.child.outcome?.status ?? "FAILED");
    if (this.#options.map.childType === "STANDARD") started.child.redrive();
    else {
      this.#children.delete(started.child.name);
      started.child = this.#newChild(started.child.input, started.items);
    }
    this.#watch(started);
  }

  #newChild(input: string, itemCount: number): Child {
    const name = this.#ports.uuid();
    return this.#startChild({
      machine: childMachine(this.#options),
      machineArn: this.childMachineArn,
      arn: `${this.childMachineArn.replace(":stateMachine:", ":execution:")}:${name}`,
      name,
      input,
      mapRunArn: this.arn,
      itemCount,
      keepsHistory: this.#options.map.childType === "STANDARD",
    });
  }

  #watch(started: Started): void {
    this.#children.set(started.child.name, started);
    void started.child.done
      .then(() => this.#ended(started))
      .catch((thrown: unknown) => this.#fail(thrown instanceof Error ? thrown : new Error(String(thrown))))
      .finally(() => this.#wake());
  }

  async #ended(started: Started): Promise<void> {
    const { child, items, index } = started;
    const { outcome } = child;
    if (outcome === undefined) return;
    const result = resultOf(child, this.childMachineArn);
    if (this.#files !== undefined) await this.#files.add(result);
    else if (outcome.status === "SUCCEEDED")
      this.#output.add(index, entriesOf(result, this.#options.map.writer.transformation));
    this.counts.ended(items, outcome.status);
    if (outcome.status === "SUCCEEDED") this.#forgetOldest();
    else this.#unsuccessful.push(started);
    this.#checkFailures();
  }

  #checkFailures(): void {
    if (this.#failure !== undefined) return;
    const { toleratedFailurePercentage: percentage, toleratedFailureCount: count } = this.limits;
    const { failed, timedOut, total } = this.counts.items;
    const failure = exceeds({ percentage, count }, failed + timedOut, this.#exhausted ? total : undefined);
    if (failure !== undefined) this.#fail(failure);
  }

  /** No other child starts, and those that run are stopped. */
  #fail(failure: Error): void {
    if (this.#failure !== undefined) return;
    this.#failure = failure;
    for (const { child } of this.#children.values()) if (child.outcome === undefined) void child.stop();
    this.#wake();
  }

  #forgetOldest(): void {
    if (this.#children.size <= KEPT_CHILDREN) return;
    for (const [name, { child }] of this.#children) {
      if (child.outcome?.status !== "SUCCEEDED") continue;
      this.#children.delete(name);
      return;
    }
  }

  async #result(): Promise<Json> {
    return this.#files === undefined ? this.#output.whole() : this.#files.finish();
  }
}
