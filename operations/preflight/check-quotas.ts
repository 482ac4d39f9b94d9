import { paginateListServiceQuotas, type ServiceQuota, type ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import { TRANSITIONS_OF_A_PICTURE } from "@image-pipeline/price-list";
import type { Environment } from "../../environments/environment";
import { type Answer, fix, look, ok } from "./finding";

// `$default` and the one named as the environment, each with the whole throttle.
const STAGES = 2;

/** What an account may do in a second, and at once. */
interface Bucket {
  readonly refill: number | undefined;
  readonly size: number | undefined;
}

/** The applied quotas of Step Functions: a default is not in the list until somebody asks for more, or the account has less. */
export async function stepFunctionsQuotas(client: ServiceQuotasClient): Promise<readonly ServiceQuota[]> {
  const quotas: ServiceQuota[] = [];
  for await (const page of paginateListServiceQuotas({ client }, { ServiceCode: "states" })) {
    quotas.push(...(page.Quotas ?? []));
  }
  return quotas;
}

/**
 * Whether callers alone can start more than StartExecution takes: then they see Step Functions' ThrottlingException, and
 * uploads wait. https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
 */
export function checkStarts(quotas: readonly ServiceQuota[], { name, apiThrottle }: Environment): Answer {
  const asked = { refill: STAGES * apiThrottle.rateLimit, size: STAGES * apiThrottle.burstLimit };
  return compare("StartExecution", asked, bucketOf(quotas, /StartExecution/i), `${name}.apiThrottle`);
}

/** Whether the executions that callers can start take more state transitions than the account has. */
export function checkTransitions(quotas: readonly ServiceQuota[], { name, apiThrottle }: Environment): Answer {
  const asked = { refill: STAGES * apiThrottle.rateLimit * TRANSITIONS_OF_A_PICTURE, size: 0 };
  return compare("StateTransition", asked, bucketOf(quotas, /state ?transition/i), `${name}.apiThrottle`);
}

function compare(quota: string, asked: Required<{ refill: number; size: number }>, has: Bucket, field: string): Answer {
  if (has.refill === undefined && has.size === undefined) {
    return look(`no quota of ${quota} is listed`, `compare ${field} with Service Quotas, Step Functions`);
  }
  const found = `${has.refill ?? "?"} a second and ${has.size ?? "?"} at once; the two stages let through ${asked.refill}${asked.size > 0 ? ` and ${asked.size}` : ""}`;
  if (asked.refill <= (has.refill ?? asked.refill) && asked.size <= (has.size ?? asked.size)) return ok(found);
  return fix(found, `lower ${field}, or ask for more in Service Quotas, Step Functions, ${quota}`);
}

/** Quotas have codes that differ by partition, and names that say what they are. */
function bucketOf(quotas: readonly ServiceQuota[], subject: RegExp): Bucket {
  const value = (kind: RegExp) =>
    quotas.find(({ QuotaName = "" }) => subject.test(QuotaName) && kind.test(QuotaName))?.Value;
  return { refill: value(/refill/i), size: value(/bucket/i) };
}
