import { allowedBy, type PolicyStatement, readStatements } from "@image-pipeline/iam-policy";

/** What IAM is asked before a request is served: may the caller do this to that? */
export interface IamQuestion {
  readonly action: string;
  readonly resource: string;
  /** Condition keys of the request, in IAM's own spelling. */
  readonly context: Readonly<Record<string, string>>;
}

/** Whether statements answer a question of IAM with yes. */
export function isAllowed(statements: readonly PolicyStatement[], { action, resource, context }: IamQuestion): boolean {
  const read = readStatements(JSON.stringify({ Statement: statements }));
  if (read === undefined) throw new Error("expected the statements of a policy");
  const keys = Object.entries(context).map(([key, value]) => [key.toLowerCase(), value]);
  return allowedBy(read, { action, resource, context: Object.fromEntries(keys) });
}
