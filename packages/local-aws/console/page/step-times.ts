import type { DecisionLine, TrialStep, Visit } from "../wire";

/**
 * How long each step of a picture took, as far as the questions to IAM tell: whoever reads or writes asks first. Undefined
 * where the function was asked for more than once, for their steps would run into each other.
 */
export function stepTimes(
  startedAt: number,
  decisions: readonly DecisionLine[],
  visits: readonly Visit[],
): readonly TrialStep[] | undefined {
  const of = (action: string) => decisions.filter((one) => one.allowed && one.action === action).map(({ at }) => at);
  const [invoked, again] = of("lambda:InvokeFunction");
  const [read] = of("s3:GetObject");
  const [written] = of("s3:PutObject");
  const ended = visits.find(({ attempts }) => attempts.length > 0)?.attempts[0]?.endedAt;
  if (invoked === undefined || again !== undefined || read === undefined || written === undefined) return undefined;
  if (ended === undefined) return undefined;
  const marks = [
    ["to the function", startedAt, invoked],
    ["a sandbox", invoked, read],
    ["read and made", read, written],
    ["written, and looked again", written, ended],
  ] as const;
  return marks.map(([name, from, to]) => ({ name, milliseconds: Math.max(0, to - from) }));
}
