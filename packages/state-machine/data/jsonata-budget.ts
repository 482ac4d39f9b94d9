import type { Environment, Expression } from "jsonata";

declare module "jsonata" {
  interface Expression {
    // JSONata looks its hooks up under symbols, which its own types leave out.
    assign(name: symbol, value: unknown): void;
  }
}

/** Evaluations of single nodes that every expression may take, however slow the machine. */
const FREE_STEPS = 50_000;

/** Milliseconds after which an expression that has taken its free steps ends: an endless one is over within a second. */
const MAX_MILLISECONDS = 700;

/** How deep functions that are not tail-recursive may call each other. Each level is a promise that waits. */
const MAX_CALLS_DEEP = 10_000;

// A name that no expression can write, and no variable of a workflow can have.
const BUDGET = " budget";

class Budget {
  private readonly start = performance.now();
  private steps = 0;
  private depth = 0;

  enter(): void {
    // The clock is read now and then: it costs more than a step.
    if (++this.steps > FREE_STEPS && this.steps % 1_000 === 0 && performance.now() - this.start > MAX_MILLISECONDS) {
      throw new Error("Expression evaluation timeout: Check for infinite loop");
    }
    if (++this.depth > MAX_CALLS_DEEP) {
      throw new Error(
        "Stack overflow error: Check for non-terminating recursive function. Consider rewriting as tail-recursive",
      );
    }
  }

  leave(): void {
    this.depth--;
  }
}

/**
 * Bounds every evaluation of an expression, since one may loop. Returns what adds a fresh budget to the variables.
 * Waiting for the hook also keeps deep recursion off the native stack.
 */
export function limitEvaluation(
  expression: Expression,
): (bindings: Readonly<Record<string, unknown>>) => Record<string, unknown> {
  expression.assign(Symbol.for("jsonata.__evaluate_entry"), (_node: unknown, _input: unknown, scope: Environment) => {
    budgetOf(scope)?.enter();
  });
  expression.assign(Symbol.for("jsonata.__evaluate_exit"), (_node: unknown, _input: unknown, scope: Environment) => {
    budgetOf(scope)?.leave();
  });
  return (bindings) => ({ ...bindings, [BUDGET]: new Budget() });
}

function budgetOf(scope: Environment): Budget | undefined {
  const found: unknown = scope.lookup(BUDGET);
  return found instanceof Budget ? found : undefined;
}
