import type { Language } from "../data/payload";
import type { Workflow } from "./definition";
import type { Fields } from "./fields";

/** What a state that holds states of its own needs to read them. */
export interface Nesting {
  /** The names of all states of the machine so far. */
  readonly taken: Set<string>;
  /** That of the machine: a state's own is not that of the states it holds. */
  readonly language: Language;
  readonly parseWorkflow: (fields: Fields, language: Language, taken: Set<string>) => Workflow;
}
