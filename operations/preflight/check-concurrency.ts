import {
  GetAccountSettingsCommand,
  GetFunctionConcurrencyCommand,
  type LambdaClient,
  ResourceNotFoundException,
} from "@aws-sdk/client-lambda";
import type { Environment } from "../../environments/environment";
import { namesOf } from "../../environments/names";
import { type Answer, fix, look, ok } from "./finding";

// Lambda keeps these for functions without a reservation.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html#reserved-and-provisioned
const UNRESERVABLE = 100;

// Fewer than this, and a handful of uploads at once wait for each other; a new account starts at 10.
const FEW_SANDBOXES = 50;

// Of the account's sandboxes, what a backfill has to leave, or uploads and callers wait for as long as it runs. Where there is a
// reservation, the validator of environments sees to it.
const UPLOADS_SHARE = 0.1;

/** Whether the account has the sandboxes that the environment reserves. */
export async function checkConcurrency(lambda: LambdaClient, environment: Environment): Promise<Answer> {
  const { AccountLimit } = await lambda.send(new GetAccountSettingsCommand({}));
  const limit = AccountLimit?.ConcurrentExecutions ?? 0;
  const { reservedConcurrency, backfill, name } = environment;
  if (reservedConcurrency === "none") {
    const found = `${limit} sandboxes for the account, none reserved`;
    const most = limit - Math.ceil(limit * UPLOADS_SHARE);
    if (backfill !== "none" && backfill.maxConcurrency > most) {
      const less = most > 0 ? `set ${name}.backfill.maxConcurrency to ${most} at most` : "reserve some";
      return fix(`${found}, a backfill takes ${backfill.maxConcurrency}`, `${less}, or ask for more in ${QUOTA}`);
    }
    return limit < FEW_SANDBOXES ? look(found, `ask for more in ${QUOTA}: bursts take long`) : ok(found);
  }
  const held = await reservedBy(lambda, namesOf(name).function);
  const reservable = Math.max(0, (AccountLimit?.UnreservedConcurrentExecutions ?? 0) + held - UNRESERVABLE);
  const found = `${limit} sandboxes for the account, ${reservable} of them can be reserved here`;
  if (reservedConcurrency <= reservable) return ok(found);
  const missing = reservedConcurrency - reservable;
  const less = reservable > 0 ? `${reservable} or "none"` : '"none"';
  return fix(found, `ask for ${limit + missing} in ${QUOTA}, or set ${name}.reservedConcurrency to ${less}`);
}

const QUOTA = 'Service Quotas, Lambda, "Concurrent executions"';

/** What the function has reserved already, where it is deployed. */
async function reservedBy(lambda: LambdaClient, functionName: string): Promise<number> {
  try {
    const answer = await lambda.send(new GetFunctionConcurrencyCommand({ FunctionName: functionName }));
    return answer.ReservedConcurrentExecutions ?? 0;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return 0;
    throw error;
  }
}
