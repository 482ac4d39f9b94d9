import { Annotations, type IAspect, TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";

/** Attributes of one resource as they will stand in the Terraform JSON; references are `${...}` strings. */
export type ResourceAttributes = Readonly<Record<string, unknown>>;

/** The resources of one stack: by type, then by name. */
export type StackResources = Readonly<Record<string, Readonly<Record<string, ResourceAttributes>>>>;

/** A promise about a whole stack: returns a sentence for each place where it is broken. */
export type StackRule = (resources: StackResources) => string[];

/** Fails the synthesis of a stack that breaks a rule. Attach it to each stack; on the App an aspect does nothing. */
export class StackPolicy implements IAspect {
  private readonly rules: readonly StackRule[];

  constructor(...rules: StackRule[]) {
    this.rules = rules;
  }

  visit(node: IConstruct): void {
    if (!TerraformStack.isStack(node)) return;
    // Once for all rules: resolving a stack is most of the time of a synthesis.
    const resources = resourcesOf(node.toTerraform());
    for (const breach of this.rules.flatMap((rule) => rule(resources))) Annotations.of(node).addError(breach);
  }
}

/** Every resource of one type with its Terraform address. */
export function resourcesOfType(
  resources: StackResources,
  type: string,
): readonly { readonly address: string; readonly attributes: ResourceAttributes }[] {
  return Object.entries(resources[type] ?? {}).map(([name, attributes]) => ({
    address: `${type}.${name}`,
    attributes,
  }));
}

function resourcesOf(terraform: unknown): StackResources {
  return isResourceTree(terraform) ? terraform.resource : {};
}

const isResourceTree = (value: unknown): value is { readonly resource: StackResources } =>
  typeof value === "object" && value !== null && "resource" in value;
