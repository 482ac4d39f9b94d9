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

/** Tries a preset, and again when it changes; the picture of the one before stays until the new one is there. */
export function useTrial(trial: Trial | undefined): TrialState {
  const [state, setState] = useState<TrialState>({ busy: false });
  const latest = useRef<LatestOnly<Trial>>(undefined);
  useEffect(() => {
    const only = new LatestOnly<Trial>(async (asked, signal) => {
      const began = performance.now();
      setState((before) => ({ ...before, busy: true }));
      try {
        const answer = await postTrial(asked, signal);
        // A size that is not the picture's would be seen for a moment.
        if (answer.made) await decoded(bytesOfTrial(answer));
        setState({ answer, busy: false, milliseconds: performance.now() - began });
      } catch (thrown) {
        if (signal.aborted) return;
        setState({ error: thrown instanceof Error ? thrown.message : String(thrown), busy: false });
      }
    }, PATIENCE_MS);
    latest.current = only;
    return () => only.stop();
  }, []);
  const asked = trial && JSON.stringify(trial);
  useEffect(() => {
    if (trial === undefined) return;
    const timer = setTimeout(() => latest.current?.ask(trial), COLLECT_MS);
    return () => clearTimeout(timer);
  }, [asked]);
  return state;
}

async function decoded(href: string): Promise<void> {
  const image = new Image();
  image.src = href;
  // What the browser cannot show is said where it is shown.
  await image.decode().catch(() => {});
}
