import type { Bootstrap } from "./bootstrap";
import type { Environment } from "./environment";
import { type Fault, isObject } from "./expectations";
import { originalBucketName } from "./original-bucket";

/** The data of the whole project. */
export interface Project {
  /** In the order in which a change reaches them. */
  readonly environments: readonly Environment[];
  readonly bootstrap: Bootstrap;
}

/** What the paths of an environment's faults begin with: its name, or its place in the list where the name is taken. */
export function environmentPath(environments: readonly Environment[], index: number): string {
  const name = environments[index]?.name;
  const first = environments.findIndex((environment) => environment.name === name);
  return first === index && name ? name : `environments[${index}]`;
}

/** Faults that no environment or account has alone. */
export function crossFaults(project: Project): Fault[] {
  return [
    ...sharedValueFaults(project),
    ...missingBoundaryFaults(project),
    ...unboundedFaults(project),
    ...missingKeyFaults(project),
  ];
}

/**
 * Bucket names are unique in all of AWS, the name of an environment is the suffix of everything in it, and two stacks
 * with one state would destroy each other's resources. Originals that are there already may be read by several.
 */
function sharedValueFaults({ environments, bootstrap }: Project): Fault[] {
  const values: readonly Shareable[] = [
    ...environments.flatMap((environment, index) => {
      const path = environmentPath(environments, index);
      return [
        { path: `${path}.name`, what: "an environment name", value: environment.name },
        {
          path: `${path}.originalBucket`,
          what: "a bucket name",
          value: originalBucketName(environment),
          originals: isObject(environment.originalBucket) ? "there already" : "made",
        },
        { path: `${path}.resizedBucketName`, what: "a bucket name", value: environment.resizedBucketName },
        { path: `${path}.state`, what: "a state", value: environment.state },
        // CloudFront takes a name once, in all of AWS.
        ...(isObject(environment.delivery) && environment.delivery.domainName !== undefined
          ? [{ path: `${path}.delivery.domainName`, what: "a domain name", value: environment.delivery.domainName }]
          : []),
      ];
    }),
    ...bootstrap.accounts.flatMap(({ name, accountId, stateBucketName, state }, index) => [
      { path: `bootstrap.accounts[${index}].name`, what: "an account name", value: name },
      { path: `bootstrap.accounts[${index}].accountId`, what: "an account id", value: accountId },
      { path: `bootstrap.accounts[${index}].stateBucketName`, what: "a bucket name", value: stateBucketName },
      { path: `bootstrap.accounts[${index}].state`, what: "a state", value: state },
    ]),
  ].filter(({ value }) => value !== "local");
  return values.flatMap(({ path, what, value, originals }, index) => {
    const first = values
      .slice(0, index)
      .find((other) => other.what === what && sameData(other.value, value) && !mayShare(other.originals, originals));
    return first ? [{ path, expected: `${what} other than ${first.path}'s`, received: value }] : [];
  });
}

/** A value that no two environments have, or only as the originals of both. */
interface Shareable {
  readonly path: string;
  readonly what: string;
  readonly value: unknown;
  readonly originals?: "made" | "there already";
}

const mayShare = (one: Shareable["originals"], other: Shareable["originals"]): boolean =>
  one !== undefined && other !== undefined && (one !== "made" || other !== "made");

/** Only a bootstrap stack makes the boundary, and IAM refuses a role whose boundary does not exist. */
function missingBoundaryFaults({ environments, bootstrap }: Project): Fault[] {
  return environments
    .filter(({ permissionsBoundary }) => permissionsBoundary)
    .filter(({ accountId }) => !bootstrap.accounts.some((account) => account.accountId === accountId))
    .map(({ name, accountId }) => ({
      path: `${name}.permissionsBoundary`,
      expected: `false while no account of environments/accounts.ts is ${accountId}`,
      received: true,
    }));
}

/** Only a bootstrap stack makes the key, and a key encrypts in its own region alone. */
function missingKeyFaults({ environments, bootstrap }: Project): Fault[] {
  return environments
    .filter(({ alarms }) => alarms !== "none" && alarms.encrypted)
    .filter(
      ({ accountId, region }) =>
        !bootstrap.accounts.some((account) => account.accountId === accountId && account.region === region),
    )
    .map(({ name, accountId, region }) => ({
      path: `${name}.alarms.encrypted`,
      expected: `false while no account of environments/accounts.ts is ${accountId} in ${region}`,
      received: true,
    }));
}

/**
 * A shared state is what a deploy role writes, and that role can make no role without the boundary: said here, it is a
 * message; said by IAM, it is half a deployment.
 */
function unboundedFaults({ environments, bootstrap }: Project): Fault[] {
  return environments
    .filter(({ state, permissionsBoundary }) => state !== "local" && !permissionsBoundary)
    .filter(({ accountId }) => bootstrap.accounts.some((account) => account.accountId === accountId))
    .map(({ name, accountId }) => ({
      path: `${name}.permissionsBoundary`,
      expected: `true, because its state is in S3 and the deploy role of account ${accountId} makes bounded roles only`,
      received: false,
    }));
}

const sameData = (one: unknown, other: unknown): boolean => canonical(one) === canonical(other);

/** The value as JSON, with the fields of an object in one order. */
const canonical = (value: unknown): string =>
  JSON.stringify(typeof value === "object" && value !== null ? Object.entries(value).sort() : value);
