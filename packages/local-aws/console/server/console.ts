import { OPERATOR_CREDENTIALS } from "../../iam/credentials";
import type { DecisionTrail } from "../../iam/decision-trail";
import type { Log } from "../../log";
import type { BucketStore } from "../../s3/store/bucket-store";
import type { StackModel } from "../../stack/stack-model";
import type { LocalStateMachine } from "../../step-functions/state-machine";
import type { StackInfo } from "../wire";
import { apiRoutes } from "./api";
import { type ConsolePort, startConsoleServer } from "./console-server";
import { EventStream } from "./event-stream";
import { type Contents, mapRunOf, summaryOf } from "./executions-view";
import { LogLines } from "./log-lines";
import { trialRoutes, type Workshop } from "./trials";

/** What a console looks at. */
export interface ConsoleSubject {
  readonly stack: StackModel;
  readonly apiUrl: string;
  readonly awsUrl: string;
  readonly machines: readonly LocalStateMachine[];
  readonly contents: (bucket: string) => BucketStore | undefined;
  readonly trail: DecisionTrail;
  /** Undefined where no function makes renditions. */
  readonly workshop: Workshop | undefined;
}

/** The page on which a person watches what runs here. The runner tells it what happens; it asks for nothing. */
export class Console {
  readonly #log = new LogLines();
  readonly #stream = new EventStream();
  #machines: readonly LocalStateMachine[] = [];
  #contents: Contents = () => undefined;
  #stop: () => Promise<void> = async () => {};

  /** A log that the page shows too. */
  watching(log: Log): Log {
    return (part, text) => {
      log(part, text);
      this.#stream.line(this.#log.add(part, text));
    };
  }

  executionChanged(arn: string): void {
    if (!this.#stream.watched) return;
    this.#stream.execution(arn, () => {
      for (const machine of this.#machines) {
        const execution = machine.execution(arn);
        if (execution?.arn === arn) return summaryOf(machine.resource.name, execution, this.#contents);
      }
      return undefined;
    });
  }

  mapRunStarted(run: LocalStateMachine["mapRuns"][number]): void {
    this.#stream.mapRun(run.arn, () => {
      const machine = this.#machines.find((one) => one.mapRun(run.arn) !== undefined);
      return machine && mapRunOf(machine.resource.name, run);
    });
  }

  objectTouched(bucket: string, key: string): void {
    this.#stream.object(bucket, key);
  }

  async start(port: ConsolePort, { stack, workshop, ...subject }: ConsoleSubject): Promise<string> {
    const { machines, apiUrl, awsUrl } = subject;
    this.#machines = machines;
    this.#contents = subject.contents;
    const routes = apiRoutes({
      ...subject,
      stack: { ...stackInfo(stack, { apiUrl, awsUrl }), ...(workshop && { presets: workshop.presets }) },
      log: this.#log,
      stream: this.#stream,
    });
    const trials = workshop === undefined ? [] : trialRoutes(workshop);
    const server = await startConsoleServer(port, [...routes, ...trials]);
    this.#stop = server.stop;
    return server.url;
  }

  async stop(): Promise<void> {
    this.#stream.stop();
    await this.#stop();
  }
}

function stackInfo(stack: StackModel, urls: { readonly apiUrl: string; readonly awsUrl: string }): StackInfo {
  const { name, region, outputs, buckets, stateMachines } = stack;
  const output = (wanted: string) => {
    const value = outputs[wanted];
    return typeof value === "string" ? value : undefined;
  };
  const originalBucket = output("original_bucket_name");
  const deliveryUrl = output("delivery_url");
  const apiAuth = output("api_auth");
  return {
    name,
    region,
    ...urls,
    ...OPERATOR_CREDENTIALS,
    ...(originalBucket !== undefined && { originalBucket }),
    ...(apiAuth !== undefined && { apiAuth }),
    ...(deliveryUrl !== undefined && { deliveryUrl }),
    buckets: buckets.map((bucket) => ({ name: bucket.name, address: bucket.address })),
    machines: stateMachines.map(({ name: machine, address, definition }) => ({ name: machine, address, definition })),
  };
}
