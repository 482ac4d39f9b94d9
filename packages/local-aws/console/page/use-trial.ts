import { useEffect, useRef, useState } from "preact/hooks";
import type { Trial, TrialAnswer } from "../wire";
import { LatestOnly } from "./latest-only";
import { bytesOfTrial, postTrial } from "./server-api";

/** Steps of a slider that come faster than a picture can be made are one. */
const COLLECT_MS = 30;
/** A picture that takes longer is given up for a newer one. */
const PATIENCE_MS = 400;

/** What is known of the last trial. */
export interface TrialState {
  readonly answer?: TrialAnswer;
  /** What kept it from being tried at all. */
  readonly error?: string;
  /** Of the last one, from asking to a picture that can be drawn. */
  readonly milliseconds?: number;
  readonly busy: boolean;
}

/** A trial, and of which bytes. */
interface TrialOf {
  readonly source: string;
  readonly trial: Trial;
}

/**
 * Tries a preset on a source, and again when either changes; the picture of the preset before stays until the new one is
 * there, the picture of another source does not.
 */
export function useTrial(source: string | undefined, trial: Trial | undefined): TrialState {
  const [{ of, ...state }, setState] = useState<TrialState & { readonly of?: string }>({ busy: false });
  const latest = useRef<LatestOnly<TrialOf>>(undefined);
  useEffect(() => {
    const only = new LatestOnly<TrialOf>(async (asked, signal) => {
      const began = performance.now();
      const of = asked.source;
      setState((before) => (before.of === of ? { ...before, busy: true } : { of, busy: true }));
      try {
        const answer = await postTrial(asked.trial, signal);
        // A size that is not the picture's would be seen for a moment.
        if (answer.made) await decoded(bytesOfTrial(answer));
        setState({ of, answer, busy: false, milliseconds: performance.now() - began });
      } catch (thrown) {
        if (signal.aborted) return;
        setState({ of, error: thrown instanceof Error ? thrown.message : String(thrown), busy: false });
      }
    }, PATIENCE_MS);
    latest.current = only;
    return () => only.stop();
  }, []);
  const asked = trial && JSON.stringify(trial);
  useEffect(() => {
    if (source === undefined || trial === undefined) return;
    const timer = setTimeout(() => latest.current?.ask({ source, trial }), COLLECT_MS);
    return () => clearTimeout(timer);
  }, [source, asked]);
  return of === source ? state : { busy: false };
}

async function decoded(href: string): Promise<void> {
  const image = new Image();
  image.src = href;
  // What the browser cannot show is said where it is shown.
  await image.decode().catch(() => {});
}
