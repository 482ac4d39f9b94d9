/** The values of one element of a statement; `except` for NotAction, NotResource and NotPrincipal. */
export interface Clause {
  readonly except: boolean;
  readonly values: readonly string[];
}

/** One condition, all of which must hold. */
export interface Condition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

/** One statement of an IAM policy with every element as a list. */
export interface Statement {
  readonly sid: string | undefined;
  readonly effect: "Allow" | "Deny";
  /** Undefined in the policy of an identity. `*`, or the kind and the name: `Service lambda.amazonaws.com`. */
  readonly principals: Clause | undefined;
  readonly actions: Clause;
  /** Undefined in a trust policy. */
  readonly resources: Clause | undefined;
  readonly conditions: readonly Condition[];
}

/**
 * The statements of a policy's JSON, as lenient as a reader of somebody else's policies has to be; undefined where it is
 * no policy. What IAM would not take is not looked for: see `parsePolicy`.
 */
export function readStatements(text: string): readonly Statement[] | undefined {
  if (!/^\s*\{/.test(text)) return undefined;
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(document)) return undefined;
  const statements = Array.isArray(document.Statement) ? document.Statement : [document.Statement];
  const parsed = statements.map(readStatement);
  return parsed.every((statement) => statement !== undefined) ? parsed : undefined;
}

/** One statement; undefined where it is none. */
export function readStatement(json: unknown): Statement | undefined {
  if (!isRecord(json) || (json.Effect !== "Allow" && json.Effect !== "Deny")) return undefined;
  const actions = clause(json.Action, json.NotAction, strings);
  if (actions === undefined) return undefined;
  return {
    sid: typeof json.Sid === "string" && json.Sid !== "" ? json.Sid : undefined,
    effect: json.Effect,
    principals: clause(json.Principal, json.NotPrincipal, principals),
    actions,
    resources: clause(json.Resource, json.NotResource, strings),
    conditions: conditions(json.Condition),
  };
}

function clause(only: unknown, except: unknown, read: (value: unknown) => readonly string[]): Clause | undefined {
  if (only !== undefined) return { except: false, values: read(only) };
  return except === undefined ? undefined : { except: true, values: read(except) };
}

/** `"*"` and `{"AWS": "*"}` are the same to IAM; other principals keep their kind. */
function principals(value: unknown): readonly string[] {
  if (!isRecord(value)) return strings(value);
  return Object.entries(value).flatMap(([kind, names]) =>
    strings(names).map((name) => (kind === "AWS" && name === "*" ? "*" : `${kind} ${name}`)),
  );
}

function conditions(value: unknown): readonly Condition[] {
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([operator, keys]) =>
    Object.entries(isRecord(keys) ? keys : {}).map(([key, values]) => ({ operator, key, values: strings(values) })),
  );
}

const strings = (value: unknown): readonly string[] => (Array.isArray(value) ? value : [value]).map(String);

/** Whether a value is an object, not a list and not null. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
