import { dev } from "./dev";
import { type Environment, environmentFaults } from "./environment";
import type { Fault } from "./expectations";
import { prod } from "./prod";

/** The data of the environments cannot be deployed; the message lists every fault of all of them. */
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

/** Every environment of this project, in the order in which a change reaches them. */
export function loadEnvironments(environments: readonly Environment[] = [dev, prod]): readonly Environment[] {
  const faults = [
    ...environments.flatMap((environment) => environmentFaults(environment, environment.name)),
    ...sharedNameFaults(environments),
  ];
  if (faults.length > 0) throw new InvalidEnvironment(faults);
  return environments;
}

/** Bucket names are unique in all of AWS, and the name of an environment is the suffix of everything in it. */
function sharedNameFaults(environments: readonly Environment[]): Fault[] {
  const named = environments.flatMap(({ name, originalBucketName, resizedBucketName }) => [
    { path: `${name}.name`, kind: "environment", value: name },
    { path: `${name}.originalBucketName`, kind: "bucket", value: originalBucketName },
    { path: `${name}.resizedBucketName`, kind: "bucket", value: resizedBucketName },
  ]);
  return named.flatMap(({ path, kind, value }, index) => {
    const first = named.slice(0, index).find((other) => other.kind === kind && other.value === value);
    return first ? [{ path, expected: `a ${kind} name other than ${first.path}'s`, received: value }] : [];
  });
}
