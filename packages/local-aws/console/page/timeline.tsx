import type { Visit } from "../wire";
import { durationText, preciseClockText, readableCause, readableJson } from "./format";
import { StatusMark } from "./status-mark";

/** The states an execution went through, with how long each took and what went in and out. */
export function Timeline({
  visits,
  from,
  to,
}: {
  readonly visits: readonly Visit[];
  readonly from: number;
  readonly to: number;
}) {
  const whole = Math.max(1, to - from);
  return (
    <ol class="timeline">
      {visits.map((visit, index) => {
        const end = visit.leftAt ?? to;
        const left = ((visit.enteredAt - from) / whole) * 100;
        const width = Math.max(0.6, ((end - visit.enteredAt) / whole) * 100);
        return (
          // They only become more: two of them may begin in the same millisecond.
          <li key={index}>
            <details>
              <summary>
                <StatusMark status={visit.how} />
                <span class="visit-name" style={{ paddingLeft: `${visit.depth * 14}px` }}>
                  {visit.state} <span class="quiet">{visit.type}</span>
                </span>
                <span class="visit-bar" aria-hidden="true">
                  <span
                    class={`bar ${visit.how}`}
                    style={{ left: `${Math.min(left, 99)}%`, width: `${Math.min(width, 100 - left)}%` }}
                  />
                </span>
                <span class="visit-time">{durationText(end - visit.enteredAt)}</span>
              </summary>
              <VisitDetail visit={visit} />
            </details>
          </li>
        );
      })}
    </ol>
  );
}

function VisitDetail({ visit }: { readonly visit: Visit }) {
  const { enteredAt, input, output, attempts } = visit;
  return (
    <div class="visit-detail">
      <p class="quiet">entered {preciseClockText(enteredAt)}</p>
      {attempts.length > 0 && (
        <ol class="attempts">
          {attempts.map(({ startedAt, endedAt, error, cause }, index) => (
            <li key={startedAt}>
              <span class={error === undefined ? "" : "failure"}>
                {index === 0 ? "first try" : `retry ${index}`}:{" "}
                {error ?? (endedAt === undefined ? "running" : "answered")}
              </span>
              {endedAt !== undefined && <span class="quiet"> after {durationText(endedAt - startedAt)}</span>}
              {cause !== undefined && <p class="cause">{readableCause(cause)}</p>}
            </li>
          ))}
        </ol>
      )}
      <div class="in-and-out">
        <section aria-label="Input">
          <h4>Input</h4>
          <pre>{readableJson(input)}</pre>
        </section>
        {output !== undefined && (
          <section aria-label="Output">
            <h4>Output</h4>
            <pre>{readableJson(output)}</pre>
          </section>
        )}
      </div>
    </div>
  );
}
