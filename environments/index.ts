import { bootstrap } from "./accounts";
import { bootstrapFaults } from "./bootstrap";
import { crossFaults, environmentPath, type Project } from "./cross-checks";
import { dev } from "./dev";
import { environmentFaults } from "./environment";
import type { Fault } from "./expectations";
import { prod } from "./prod";

/** The data cannot be deployed; the message lists every fault of every environment and account. */
export class InvalidEnvironment extends Error {
  override readonly name = "InvalidEnvironment";
  constructor(readonly faults: readonly Fault[]) {
    super([`${faults.length} fault(s) in environments/:`, ...faults.map(describeFault)].join("\n  "));
  }
}

/** `prod.logRetentionDays: expected one of 1, 3, 7 but received 15`. */
export function describeFault({ path, expected, received }: Fault): string {
  return `${path}: expected ${expected} but received ${received === undefined ? "nothing" : JSON.stringify(received)}`;
}

/**
 * Every environment of this project and the accounts they live in.
 * @throws InvalidEnvironment with every fault at once
 */
export function loadProject(project: Project = { environments: [dev, prod], bootstrap }): Project {
  const faults = [
    ...project.environments.flatMap((environment, index) =>
      environmentFaults(environment, environmentPath(project.environments, index)),
    ),
    ...bootstrapFaults(project.bootstrap, "bootstrap"),
    ...crossFaults(project),
  ];
  if (faults.length > 0) throw new InvalidEnvironment(faults);
  return project;
}
