import { useState } from "preact/hooks";
import type { LogLine } from "../wire";
import { countText, preciseClockText } from "./format";
import { LongList } from "./long-list";
import { useChanges } from "./use-live";
import { usePages } from "./use-pages";

const ROW_HEIGHT = 28;
const PARTS = ["http", "states", "lambda", "s3", "events", "iam", "sqs", "sns", "runner"] as const;

/** The log of the runner, the newest line first. */
export function LogView() {
  const [search, setSearch] = useState("");
  const [part, setPart] = useState("");
  const list = usePages<LogLine>(`/api/log?${new URLSearchParams({ search, part })}`);
  useChanges(({ log }) => {
    if (log.length > 0) list.refresh();
  });
  return (
    <section class="list log" aria-label="Log">
      <div class="filters">
        <input
          type="search"
          id="search"
          placeholder="Search the log"
          aria-label="Search the log"
          value={search}
          onInput={(event) => setSearch(event.currentTarget.value)}
        />
        <select aria-label="Part" value={part} onChange={(event) => setPart(event.currentTarget.value)}>
          <option value="">All parts</option>
          {PARTS.map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </select>
      </div>
      <p class="count quiet">{list.total === undefined ? " " : countText(list.total, "line")}</p>
      <LongList
        list={list}
        label="Log lines"
        rowHeight={ROW_HEIGHT}
        empty={<p class="quiet">No such line.</p>}
        row={(line) => (
          <p class={/denied|FAILED|failed/.test(line.text) ? "log-line bad" : "log-line"} title={line.text}>
            <time dateTime={new Date(line.at).toISOString()}>{preciseClockText(line.at)}</time>
            <span class="log-part">{line.part}</span>
            <span class="log-text">{line.text}</span>
          </p>
        )}
      />
    </section>
  );
}
