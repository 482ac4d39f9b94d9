import type { DecisionLine } from "../wire";
import { countText, lastPart, preciseClockText } from "./format";

/** Each question to IAM, in the order it was asked. */
export function Decisions({ decisions, more }: { readonly decisions: readonly DecisionLine[]; readonly more: number }) {
  return (
    <>
      <ol class="decisions">
        {decisions.map((decision, index) => (
          <li key={index} class={decision.allowed ? "allowed" : "denied"}>
            <Decision decision={decision} />
          </li>
        ))}
      </ol>
      {more > 0 && <p class="quiet">{countText(more, "more decision")} that allowed something, not kept.</p>}
    </>
  );
}

function Decision({ decision }: { readonly decision: DecisionLine }) {
  const { at, who, role, action, resource, allowed, by, message } = decision;
  return (
    <>
      <p class="decision-line">
        <span class="verdict">{allowed ? "allowed" : "denied"}</span>
        <strong>{action}</strong>
        <span class="quiet">to {shortWho(who)} on</span>
        <code title={resource}>{resource}</code>
        <time class="quiet" dateTime={new Date(at).toISOString()}>
          {preciseClockText(at)}
        </time>
      </p>
      <p class="decision-why">
        {!allowed && message}
        {allowed && by.length === 0 && "the operator at this machine may do everything"}
        {allowed && by.length > 0 && (
          <>
            by <code>{by.join(", and within ")}</code>
            {role !== undefined && <span class="quiet"> as {role}</span>}
          </>
        )}
      </p>
    </>
  );
}

/** The name of the role in the ARN of a session, or the last word of any other. */
function shortWho(who: string): string {
  return /:assumed-role\/([^/]+)\//.exec(who)?.[1] ?? (who.startsWith("arn:") ? lastPart(who, "/") : who);
}
