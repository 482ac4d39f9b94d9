import { allowedBy, readStatements } from "@image-pipeline/iam-policy";

/** A statement of a policy, in IAM's own field names. */
export interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** What IAM is asked before a request is served: may the caller do this to that? */
export interface IamQuestion {
  readonly action: string;
  readonly resource: string;
  /** Condition keys of the request, in IAM's own spelling. */
  readonly context: Readonly<Record<string, string>>;
}

/** Whether statements answer a question of IAM with yes. */
export function isAllowed(statements: readonly Statement[], { action, resource, context }: IamQuestion): boolean {
  const read = readStatements(JSON.stringify({ Statement: statements }));
  if (read === undefined) throw new Error("expected the statements of a policy");
  const keys = Object.entries(context).map(([key, value]) => [key.toLowerCase(), value]);
  return allowedBy(read, { action, resource, context: Object.fromEntries(keys) });
}
