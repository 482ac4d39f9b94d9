import type { TrialStep } from "../wire";
import { durationText } from "./format";

/** Steps, each with how long it took. */
export function Steps({ steps }: { readonly steps: readonly TrialStep[] }) {
  return (
    <dl class="steps">
      {steps.map(({ name, milliseconds }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{durationText(milliseconds)}</dd>
        </div>
      ))}
    </dl>
  );
}
