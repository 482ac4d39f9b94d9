import { useEffect, useState } from "preact/hooks";
import type { DecisionLine, LogLine, LogPart } from "../wire";
import { Decisions } from "./decisions";
import { preciseClockText } from "./format";
import { LongList } from "./long-list";
import { hrefOf } from "./route";
import { FoundCount, SearchBox } from "./search-box";
import { readApi } from "./server-api";
import { useChanges, useReconnected } from "./use-live";
import { usePages } from "./use-pages";

const ROW_HEIGHT = 28;
/** As a record, so that none is forgotten. */
const PARTS: Readonly<Record<LogPart, true>> = {
  http: true,
  states: true,
  lambda: true,
  s3: true,
  events: true,
  iam: true,
  sqs: true,
  sns: true,
  delivery: true,
  runner: true,
};

/** The log of the runner, or what IAM was asked for no execution. */
export function LogView({ of }: { readonly of: "decisions" | undefined }) {
  return (
    <section class="list log" aria-label="Log">
      <h1 class="unseen">Log</h1>
      <nav class="tabs" aria-label="Log">
        <a href={hrefOf({ view: "log" })} {...(of === undefined && { "aria-current": "page" as const })}>
          Lines
        </a>
        <a
          href={hrefOf({ view: "log", of: "decisions" })}
          {...(of === "decisions" && { "aria-current": "page" as const })}
        >
          IAM outside of executions
        </a>
      </nav>
      {of === "decisions" ? <OtherDecisions /> : <Lines />}
    </section>
  );
}

/** The newest line first. */
function Lines() {
  const [search, setSearch] = useState("");
  const [part, setPart] = useState("");
  const list = usePages<LogLine>(`/api/log?${new URLSearchParams({ search, part })}`);
  useChanges(({ log }) => {
    if (log.length > 0) list.refresh();
  });
  return (
    <>
      <div class="filters">
        <SearchBox label="Search the log" placeholder="Search the log" search={search} setSearch={setSearch} />
        <select aria-label="Part" value={part} onChange={(event) => setPart(event.currentTarget.value)}>
          <option value="">All parts</option>
          {Object.keys(PARTS).map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </select>
      </div>
      <FoundCount total={list.total} one="line" search={search} />
      <LongList
        list={list}
        label="Log lines"
        rowHeight={ROW_HEIGHT}
        scrolledByKeys
        empty={<p class="quiet">No such line.</p>}
        row={(line) => (
          <p class={/denied|FAILED|failed/.test(line.text) ? "log-line bad" : "log-line"} title={line.text}>
            <time dateTime={new Date(line.at).toISOString()}>{preciseClockText(line.at)}</time>
            <span class="log-part">{line.part}</span>
            <span class="log-text">{line.text}</span>
          </p>
        )}
      />
    </>
  );
}

interface Answer {
  readonly decisions: readonly DecisionLine[];
  readonly more: number;
}

/** Of uploads and reads by hand, of the start of the run, and of calls that started nothing. */
function OtherDecisions() {
  const [{ decisions, more }, setAnswer] = useState<Answer>({ decisions: [], more: 0 });
  const read = () => void readApi<Answer>("/api/decisions").then(setAnswer, () => {});
  useEffect(read, []);
  useReconnected(read);
  // Nearly every line of the log is about something that was asked.
  useChanges(({ log }) => {
    if (log.length > 0) read();
  });
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and nothing in it can be reached by keys
    <section class="main" aria-label="IAM outside of executions" tabIndex={0}>
      <Decisions decisions={decisions.toReversed()} more={more} />
    </section>
  );
}
