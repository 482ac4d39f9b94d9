import { useState } from "preact/hooks";
import type { DecisionLine } from "../wire";
import { countText, lastPart, preciseClockText } from "./format";

/** A picture takes about ten. What is denied is shown in any case. */
const FIRST_DECISIONS = 16;

/** Each question to IAM, in the order it was asked. */
export function Decisions({ decisions, more }: { readonly decisions: readonly DecisionLine[]; readonly more: number }) {
  const [all, setAll] = useState(false);
  const shown = all ? decisions : decisions.filter(({ allowed }, index) => index < FIRST_DECISIONS || !allowed);
  return (
    <>
      <ol class="decisions">
        {shown.map((decision, index) => (
          <li key={index} class={decision.allowed ? "allowed" : "denied"}>
            <Decision decision={decision} />
          </li>
        ))}
      </ol>
      {shown.length < decisions.length && (
        <button type="button" class="plain more" onClick={() => setAll(true)}>
          Show all {decisions.length}
        </button>
      )}
      {more > 0 && <p class="quiet">{countText(more, "more decision")} that allowed something, not kept.</p>}
    </>
  );
}

function Decision({ decision }: { readonly decision: DecisionLine }) {
  const { at, who, role, action, resource, allowed, by, message } = decision;
  return (
    <>
      <time class="quiet" dateTime={new Date(at).toISOString()}>
        {preciseClockText(at)}
      </time>
      <p class="decision-line">
        <span class="verdict">{allowed ? "allowed" : "denied"}</span> <strong>{action}</strong>
        <span class="quiet"> for </span>
        <span title={who}>{shortWho(who)}</span>
      </p>
      <p>
        <span class="quiet">on </span>
        <code>{resource}</code>
      </p>
      <p class="decision-why">
        {!allowed && message}
        {allowed && by.length === 0 && "the operator at this machine may do everything"}
        {allowed && by.length > 0 && (
          <>
            by <code title={role}>{by.join(", and within ")}</code>
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
