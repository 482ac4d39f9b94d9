import { matchesAction, matchesPattern } from "../../packages/local-aws/iam/pattern";

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

/** Whether statements that only allow, with no condition other than StringEquals, answer a question of IAM with yes. */
export function isAllowed(statements: readonly Statement[], { action, resource, context }: IamQuestion): boolean {
  return statements.some((statement) => {
    if (statement.Effect !== "Allow")
      throw new Error(`expected statements that allow but received ${statement.Effect}`);
    const { StringEquals = {}, ...others } = statement.Condition ?? {};
    if (Object.keys(others).length > 0) throw new Error(`expected StringEquals but received ${Object.keys(others)}`);
    return (
      list(statement.Action).some((pattern) => matchesAction(pattern, action)) &&
      list(statement.Resource).some((pattern) => matchesPattern(pattern, resource)) &&
      Object.entries(StringEquals).every(([key, values]) => list(values).includes(context[key] ?? ""))
    );
  });
}

const list = (value: string | readonly string[]): readonly string[] => [value].flat();
