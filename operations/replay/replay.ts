import type { SFNClient } from "@aws-sdk/client-sfn";
import type { Progress, Table } from "@image-pipeline/command";
import { bringBack, type Step, startOnce, stepFor } from "./bring-back";
import type { DeadLetter, DeadLetters } from "./dead-letters";
import { failedExecutions } from "./failed-executions";
import { type FailureGroup, groupFailures } from "./failure-group";
import { Pace } from "./pace";

/** What failed, and what of it is to be brought back. */
export interface Plan {
  readonly groups: readonly PlannedGroup[];
  readonly letters: readonly DeadLetter[];
}

interface PlannedGroup extends FailureGroup {
  readonly steps: readonly Step[];
}

/** What was done. */
export interface Outcome {
  readonly redriven: number;
  readonly startedAnew: number;
  readonly lettersSent: number;
}

// Half of what a region's StartExecution, with 150 a second the slowest, leaves beside prod's throttle, so that uploads
// find room. RedriveExecution has the same quota.
const STARTS = { perSecond: 25, burst: 25 };

/** Brings back what failed in one state machine. */
export class Replay {
  constructor(
    private readonly sfn: SFNClient,
    private readonly machineArn: string,
    private readonly deadLetters: DeadLetters | undefined,
    private readonly progress: Progress,
  ) {}

  /** Looks, and changes nothing. Without `errors`, what may pass by itself is chosen. */
  async plan(since: Date, errors: readonly string[]): Promise<Plan> {
    const failed = [];
    for await (const execution of failedExecutions(this.sfn, this.machineArn, since)) {
      this.progress("looking at what failed", failed.push(execution));
    }
    const groups: PlannedGroup[] = [];
    for (const group of await groupFailures(this.sfn, failed)) {
      const chosen = errors.length > 0 ? errors.includes(group.error) : group.kind === "fault";
      groups.push({ ...group, steps: chosen ? await this.stepsFor(group) : [] });
    }
    return { groups, letters: (await this.deadLetters?.receive()) ?? [] };
  }

  private async stepsFor({ executions, kind }: FailureGroup): Promise<Step[]> {
    const steps: Step[] = [];
    for (const execution of executions) {
      const step = await stepFor(this.sfn, this.machineArn, execution, kind);
      if (step !== undefined) steps.push(step);
    }
    return steps;
  }

  /** Does what was planned, at a rate that leaves room for others. Broken off, it can be planned and done again. */
  async run({ groups, letters }: Plan): Promise<Outcome> {
    const pace = new Pace(STARTS.perSecond, STARTS.burst);
    let [redriven, startedAnew, lettersSent] = [0, 0, 0];
    for (const step of groups.flatMap(({ steps }) => steps)) {
      await pace.turn();
      if ((await bringBack(this.sfn, this.machineArn, step)) === "redrive") redriven += 1;
      else startedAnew += 1;
      this.progress("bringing back", redriven + startedAnew);
    }
    for (const letter of letters) {
      if (letter.input === undefined) continue;
      await pace.turn();
      await startOnce(this.sfn, this.machineArn, `dead-letter-${letter.id}`, letter.input);
      await this.deadLetters?.delete(letter);
      lettersSent += 1;
      this.progress("sending dead letters", lettersSent);
    }
    return { redriven, startedAnew, lettersSent };
  }

  /** Leaves the dead letters to whoever comes next. */
  async release({ letters }: Plan): Promise<void> {
    for (const letter of letters) await this.deadLetters?.release(letter);
  }
}

const LONGEST_CAUSE = 80;

/** What failed, by error, with what is planned for it and an example of each. */
export function planTable({ groups, letters }: Plan, title: string): Table {
  const example = (name: string, cause: string) => `${name}: ${cause.slice(0, LONGEST_CAUSE).replaceAll(/\s+/g, " ")}`;
  const rows = groups.map(({ error, kind, executions, steps }) => [
    error,
    String(executions.length),
    kind,
    planned(steps),
    example(executions[0]?.name ?? "", executions[0]?.cause ?? ""),
  ]);
  for (const [error, ofError = []] of Object.entries(Object.groupBy(letters, (letter) => letter.error))) {
    const sendable = ofError.filter(({ input }) => input !== undefined).length;
    const text = sendable === 0 ? "nothing" : `send again ${sendable}`;
    rows.push([
      error,
      String(ofError.length),
      "dead letter",
      text,
      example(ofError[0]?.id ?? "", ofError[0]?.cause ?? ""),
    ]);
  }
  return { title, head: ["error", "count", "kind", "planned", "example"], rows };
}

function planned(steps: readonly Step[]): string {
  const counts = Object.entries(Object.groupBy(steps, ({ way }) => way));
  return counts.map(([way, ofWay]) => `${way} ${ofWay?.length}`).join(", ") || "nothing";
}

/** How much there is to do. */
export const sizeOf = ({ groups, letters }: Plan): number =>
  groups.reduce((sum, { steps }) => sum + steps.length, 0) + letters.filter(({ input }) => input !== undefined).length;
