/** Where and when the prices were those of the list: no free tier, no discount of a large account. */
export const PRICED = { region: "us-east-1", date: "2026" } as const;

/**
 * AWS's list prices in US dollars for one of each unit. Other regions ask up to a fifth more.
 * Sources: https://aws.amazon.com/step-functions/pricing/, /lambda/pricing/, /api-gateway/pricing/, /eventbridge/pricing/,
 * /s3/pricing/, /cloudwatch/pricing/, /xray/pricing/ of the same site.
 */
export const LIST_PRICES = {
  standardTransition: 25e-6,
  expressRequest: 1e-6,
  /** Of the first tier; memory in chunks of 64 MB, time in steps of 100 ms. */
  expressGigabyteSecond: 16.67e-6,
  lambdaRequest: 0.2e-6,
  lambdaGigabyteSecondArm64: 13.3334e-6,
  lambdaGigabyteSecondX86: 16.6667e-6,
  httpApiRequest: 1e-6,
  /** S3's events are opt-in data events of EventBridge. */
  s3Event: 1e-6,
  /** GET and HEAD. */
  s3Get: 0.4e-6,
  /** PUT and LIST. */
  s3Put: 5e-6,
  s3GigabyteMonth: 0.023,
  logGigabyte: 0.5,
  trace: 5e-6,
} as const;

/** What there is a price of. */
export type Unit = keyof typeof LIST_PRICES;

/** State transitions that a Standard execution of a picture is billed for: its three states on the way to success, and the start. */
export const TRANSITIONS_OF_A_PICTURE = 4;

const MB_PER_GB = 1_024;
const MS_PER_SECOND = 1_000;

/** Dollars for a millisecond of a function. */
export function lambdaMillisecond(architecture: "arm64" | "x86_64", memoryMb: number): number {
  const perSecond = LIST_PRICES[architecture === "arm64" ? "lambdaGigabyteSecondArm64" : "lambdaGigabyteSecondX86"];
  return (perSecond * memoryMb) / MB_PER_GB / MS_PER_SECOND;
}
