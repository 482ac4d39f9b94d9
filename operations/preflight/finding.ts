import { isOfRequest } from "../answer-of-aws";

/** What a check says of an account. */
export interface Answer {
  /** `fix`: a deployment would fail or do harm. `look`: a person has to judge. */
  readonly verdict: "ok" | "look" | "fix";
  readonly found: string;
  /** What to do about it; empty where nothing is. */
  readonly todo: string;
  /** What to type for it, where that is too long for a table. @default - nothing */
  readonly commands?: readonly string[];
}

/** One row of the table. */
export interface Finding extends Answer {
  readonly subject: string;
}

export const ok = (found: string): Answer => ({ verdict: "ok", found, todo: "" });
export const look = (found: string, todo: string): Answer => ({ verdict: "look", found, todo });
export const fix = (found: string, todo: string): Answer => ({ verdict: "fix", found, todo });

/**
 * Asks AWS. What these credentials may not ask, or nobody answers, is for a person to look up, and keeps no other check
 * from being made. @throws whatever is no fault of a request
 */
export async function finding(subject: string, permission: string, ask: () => Promise<Answer>): Promise<Finding> {
  try {
    return { subject, ...(await ask()) };
  } catch (error) {
    if (!isOfRequest(error)) throw error;
    return { subject, ...look(`not known: ${error.name}`, `allow ${permission}, or look in the console`) };
  }
}
