import { useCallback, useLayoutEffect, useState } from "preact/hooks";
import type { ExecutionSummary, MachineInfo } from "../wire";
import { listenTo } from "./commands";
import { clockText, durationText } from "./format";
import { LongList } from "./long-list";
import { hrefOf } from "./route";
import { FoundCount, SearchBox } from "./search-box";
import { bytesHref } from "./server-api";
import { StatusMark } from "./status-mark";
import { useChanges } from "./use-live";
import { usePages } from "./use-pages";
import { goTo } from "./use-route";

const ROW_HEIGHT = 58;

const STATUSES = ["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"] as const;

/** All executions, the newest first, to search in and to choose from. */
export function ExecutionList({ machines, selected }: ExecutionListProps) {
  const [search, setSearch] = useState("");
  const [status, setStatus] = useState("");
  const [machine, setMachine] = useState("");
  const list = usePages<ExecutionSummary>(`/api/executions?${new URLSearchParams({ search, status, machine })}`);
  const { patch, refresh, item, total } = list;
  const index = selected && list.find((one) => idOf(one) === idOf(selected));

  useChanges(({ executions }) => {
    if (executions.length === 0) return;
    const newer = new Map(executions.map((one) => [idOf(one), one]));
    const known = new Set<string>();
    patch((old) => {
      known.add(idOf(old));
      return newer.get(idOf(old));
    });
    // What is new, or may fit the search now, changes the list itself.
    if (status !== "" || executions.some((one) => !known.has(idOf(one)))) refresh();
  });

  const move = useCallback(
    (by: number) => {
      const next = item(index === undefined ? 0 : index + by);
      if (next !== undefined) goTo({ view: "executions", machine: next.machine, name: next.name });
    },
    [item, index],
  );
  useLayoutEffect(() => {
    const forget = [listenTo("next", () => move(1)), listenTo("previous", () => move(-1))];
    return () => {
      for (const one of forget) one();
    };
  }, [move]);

  return (
    <section class="list" aria-label="Executions">
      <div class="filters">
        <SearchBox
          label="Search executions by key, name or error"
          placeholder="Key, name or error"
          search={search}
          setSearch={setSearch}
        />
        <select aria-label="Status" value={status} onChange={(event) => setStatus(event.currentTarget.value)}>
          <option value="">All</option>
          {STATUSES.map((one) => (
            <option key={one} value={one}>
              {one.toLowerCase().replace("_", " ")}
            </option>
          ))}
        </select>
      </div>
      {machines.length > 1 && (
        <div class="filters">
          <select
            aria-label="State machine"
            value={machine}
            onChange={(event) => setMachine(event.currentTarget.value)}
          >
            <option value="">All state machines</option>
            {machines.map(({ name }) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </div>
      )}
      <FoundCount total={total} one="execution" search={search} />
      <LongList
        list={list}
        label="Executions"
        rowHeight={ROW_HEIGHT}
        chosen={index}
        empty={<p class="quiet">{search === "" && status === "" ? "None yet." : "None that fits."}</p>}
        row={(execution, isChosen) => <ExecutionRow execution={execution} isSelected={isChosen} />}
      />
    </section>
  );
}

function ExecutionRow({ execution, isSelected }: ExecutionRowProps) {
  const { machine, name, key, status, startedAt, stoppedAt, state, error, made, preview } = execution;
  const more = status === "RUNNING" ? (state ?? "started") : (error ?? made?.join(", ") ?? machine);
  return (
    <a
      class="row"
      href={hrefOf({ view: "executions", machine, name })}
      {...(isSelected && { "aria-current": "true" as const })}
    >
      <span class="thumb">{preview && <img src={bytesHref(preview)} alt="" decoding="async" />}</span>
      <span class="row-title">{key ?? name}</span>
      <span class="row-time">{stoppedAt === undefined ? "" : durationText(stoppedAt - startedAt)}</span>
      <span class="row-more">
        <StatusMark status={status} /> {more}
      </span>
      <time class="row-time" dateTime={new Date(startedAt).toISOString()}>
        {clockText(startedAt)}
      </time>
    </a>
  );
}

export interface ExecutionListProps {
  readonly machines: readonly MachineInfo[];
  readonly selected: { readonly machine: string; readonly name: string } | undefined;
}

interface ExecutionRowProps {
  readonly execution: ExecutionSummary;
  readonly isSelected: boolean;
}

const idOf = ({ machine, name }: { readonly machine: string; readonly name: string }): string => `${machine}/${name}`;
