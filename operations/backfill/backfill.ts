import type { LambdaClient } from "@aws-sdk/client-lambda";
import type { S3Client } from "@aws-sdk/client-s3";
import { asText, CommandError, progressOnTerminal } from "@image-pipeline/command";
import type { Environment } from "../../environments/environment";
import { backfillBucketName, namesOf } from "../../environments/names";
import { originalBucketName } from "../../environments/original-bucket";
import { agreed } from "../agreed";
import { alreadyRuns, type BackfillRuns, type Run, type RunEnd } from "./backfill-runs";
import { duration, forecastOf, forecastTable, foundTable } from "./forecast";
import { FoundPictures } from "./found-pictures";
import { KeyList } from "./key-list";
import { listBucket } from "./list-bucket";
import { measureSamples } from "./measure-samples";
import { readResults } from "./results";
import { screen } from "./screen";
import { watch } from "./watch";

/** What a backfill is made with. */
export interface BackfillProps {
  readonly environment: Environment;
  readonly maxConcurrency: number;
  readonly runs: BackfillRuns;
  readonly s3: S3Client;
  readonly lambda: LambdaClient;
}

/** What is to be made. */
export interface Wanted {
  readonly prefix: string;
  readonly keys: string | undefined;
  readonly renditions: readonly string[];
  readonly dryRun: boolean;
  readonly yes: boolean;
}

/** The backfills of one environment, for a person at a terminal. */
export class Backfill {
  /** Where lists are put and results found. */
  readonly #bucket: string;

  constructor(private readonly props: BackfillProps) {
    const { name, accountId } = props.environment;
    this.#bucket = backfillBucketName(name, accountId);
  }

  async start(wanted: Wanted): Promise<void> {
    const { runs, s3 } = this.props;
    const running = await runs.running();
    if (running !== undefined && !wanted.dryRun) throw alreadyRuns(running);
    const list = wanted.keys === undefined ? undefined : new KeyList(s3, wanted.keys);
    const found = await this.#find(wanted.prefix, list);
    await this.#forecast(found, wanted);
    if (found.total === 0 || wanted.dryRun) return say("nothing was changed");
    if (!wanted.yes && !(await agreed(`Make what is missing of ${number(found.total)} pictures?`))) {
      return say("nothing was changed");
    }
    const name = `backfill-${new Date().toISOString().replace(/[^\dTZ]/g, "")}`;
    const { renditions, prefix } = wanted;
    const which = list === undefined ? { prefix } : { keys: await list.putInto(this.#bucket, name) };
    await this.#follow(await runs.start(name, { ...which, renditions }), found.total);
  }

  async watch(): Promise<void> {
    const run = (await this.props.runs.running()) ?? (await this.props.runs.newest());
    if (run === undefined) throw new CommandError("there has been no backfill yet");
    await this.#follow(run);
  }

  async stop(): Promise<void> {
    const { runs } = this.props;
    const run = await runs.running();
    if (run === undefined) throw new CommandError("no backfill runs");
    await runs.stop(run.arn);
    await this.#follow(run);
  }

  async redrive(): Promise<void> {
    const { runs, environment } = this.props;
    // One that was redriven is not the newest.
    const running = await runs.running();
    if (running !== undefined) throw alreadyRuns(running);
    const run = await runs.newest();
    if (run === undefined) throw new CommandError("there has been no backfill yet");
    if (run.status === "SUCCEEDED") {
      throw new CommandError(
        `${run.name} came to its end, and only what was stopped or failed can be redriven: npm run backfill -- --env ${environment.name} makes what is missing still`,
      );
    }
    await this.#follow(await runs.redrive(run));
  }

  async #find(prefix: string, list: KeyList | undefined): Promise<FoundPictures> {
    const found = new FoundPictures();
    const progress = progressOnTerminal();
    if (list === undefined) {
      await listBucket(this.props.s3, originalBucketName(this.props.environment), prefix, (picture) => {
        found.add(picture);
        progress("pictures found", found.total);
      });
    } else {
      for await (const key of list.keys()) {
        found.add({ key });
        progress("keys read", found.total);
      }
    }
    return found;
  }

  async #forecast(found: FoundPictures, { prefix, keys, renditions }: Wanted): Promise<void> {
    const { environment, maxConcurrency, lambda } = this.props;
    const where = keys ?? `s3://${originalBucketName(environment)}/${prefix}`;
    say(
      asText(
        foundTable(found, `${environment.name}: ${number(found.total)} pictures of ${where}, ${renditions.join(", ")}`),
      ),
    );
    if (found.total === 0) return;
    const measured = await measureSamples(lambda, namesOf(environment.name).function, found, {
      bucket: originalBucketName(environment),
      resizedBucket: environment.resizedBucketName,
      renditions,
    });
    const forecast = forecastOf(environment, maxConcurrency, found, measured);
    const { samples, millisecondsEach, renditionsEach, failures } = measured;
    const refused = [...failures].map(([error, count]) => `${count} ${error}`).join(", ");
    say(
      `${samples} samples: ${Math.round(millisecondsEach)} ms and ${renditionsEach.toFixed(1)} renditions to make each${refused && `; failed: ${refused}`}`,
    );
    say(asText(forecastTable(forecast, `about ${duration(forecast.seconds)} with ${maxConcurrency} at once`)));
  }

  async #follow(run: Run, expected?: number): Promise<void> {
    const { name } = run;
    const end = await this.#watch(run, expected);
    if (end === undefined) return say(`it goes on: ${this.#commands()}`);
    const { status, error, cause, mapRunArn, redrivenAt } = end;
    say(`${name} ${status}${error === undefined ? "" : `: ${error}: ${cause}`}`);
    if (mapRunArn !== undefined) await this.#report(name, mapRunArn, redrivenAt);
    if (status !== "SUCCEEDED") process.exitCode = 1;
  }

  async #watch(run: Run, expected: number | undefined): Promise<RunEnd | undefined> {
    const stop = new AbortController();
    const leave = () => stop.abort();
    process.once("SIGINT", leave);
    say(`${run.name} runs; Ctrl-C leaves it running`);
    try {
      return await watch(this.props.runs, run, screen(), stop.signal, expected);
    } catch (error) {
      // Credentials expire sooner than a long run ends, which needs none of them.
      say(`this ends the watching and not the run: ${this.#commands()}`);
      throw error;
    } finally {
      process.removeListener("SIGINT", leave);
    }
  }

  #commands(): string {
    return `npm run backfill -- --env ${this.props.environment.name} --watch shows it, --stop ends it`;
  }

  async #report(name: string, mapRunArn: string, redrivenAt: Date | undefined): Promise<void> {
    const csvFile = `${name}-failures.csv`;
    const results = await readResults(this.props.s3, this.#bucket, mapRunArn, { since: redrivenAt, csvFile });
    if (results === undefined) return say("it has written no results");
    const made = [...results.made].map(([rendition, count]) => `${number(count)} ${rendition}`).join(", ");
    say(`made: ${made || "nothing"}; nothing to make of ${number(results.complete)} objects`);
    if (results.failures.size === 0) return;
    const rows = [...results.failures].sort(([, one], [, other]) => other - one);
    say(
      asText({
        title: `failed, in ${csvFile}`,
        head: ["error", "pictures"],
        rows: rows.map(([error, count]) => [error, number(count)]),
      }),
    );
    process.exitCode = 1;
  }
}

const number = (value: number): string => value.toLocaleString("en-US");

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
