import { type AttributeChange, attributeChanges } from "./attributes";
import { cut, fenced } from "./markdown";
import { type Action, isChanged, type OutputChange, type ResourceChange, type TerraformPlan } from "./terraform-plan";
import { type Scalar, SENSITIVE, UNKNOWN } from "./value";

const MOST_LINES = 80;
const LONGEST_VALUE = 240;

// The sign in front decides the colour in which GitHub shows a line of a diff.
const TITLES: Readonly<Record<Action, string>> = {
  create: "+ %s is added",
  update: "! %s is changed",
  replace: "! %s is REPLACED",
  delete: "- %s is DESTROYED",
  forget: "! %s is no longer managed, and stays as it is",
  read: "# %s is read during apply",
  "no-op": "# %s stays",
};

/** One block per changed resource, and one for the outputs, each as a diff. */
export function resourceDetails({ resources, outputs }: TerraformPlan): readonly string[] {
  const blocks = resources
    .filter(isChanged)
    .map((resource) => fenced([...titleOf(resource), ...linesOf(resource)], "diff"));
  const outputLines = outputs.flatMap(outputLinesOf);
  return outputLines.length > 0 ? [...blocks, fenced(["# outputs", ...outputLines], "diff")] : blocks;
}

function titleOf({ address, action, movedFrom, imported, replacedBecause, reason }: ResourceChange): readonly string[] {
  return [
    TITLES[action].replace("%s", () => address),
    ...(movedFrom === undefined ? [] : [`# moved from ${movedFrom}`]),
    ...(imported ? ["# imported: it exists already"] : []),
    ...(replacedBecause.length === 0 ? [] : [`# because of ${replacedBecause.join(", ")}`]),
    // What cannot be updated is named in the line above already.
    ...(reason === undefined || reason === "replace_because_cannot_update" ? [] : [`# ${reason}`]),
  ];
}

function linesOf(resource: ResourceChange): readonly string[] {
  if (resource.action === "forget") return [];
  const changed = attributeChanges(resource.before, resource.after);
  // Of something that goes away its name is enough; what it held is no longer up for review.
  const shown =
    resource.action === "delete" ? changed.filter(({ path }) => /^(id|arn|name|bucket)$/.test(path)) : changed;
  const lines = shown.flatMap(attributeLines);
  if (lines.length <= MOST_LINES) return lines;
  return [...lines.slice(0, MOST_LINES), `# ${lines.length - MOST_LINES} more lines`];
}

function attributeLines({ path, before, after }: AttributeChange): readonly string[] {
  if (before === SENSITIVE && after === SENSITIVE) return [`!   ${path} = (sensitive, may change)`];
  return [
    ...(before === undefined ? [] : [`-   ${path} = ${scalarText(before)}`]),
    ...(after === undefined ? [] : [`+   ${path} = ${scalarText(after)}`]),
  ];
}

function outputLinesOf({ name, before, after }: OutputChange): readonly string[] {
  return attributeChanges({ [name]: before }, { [name]: after }).flatMap(attributeLines);
}

/** A value as Terraform writes it, short enough for a line. */
export function scalarText(value: Scalar | undefined): string {
  if (value === undefined || value === null) return "(not set)";
  if (value === SENSITIVE) return "(sensitive)";
  if (value === UNKNOWN) return "(known after apply)";
  return cut(JSON.stringify(value), LONGEST_VALUE);
}
