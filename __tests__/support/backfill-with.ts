/**
 * `npm run backfill` for dev with other values of some fields.
 * Usage: BACKFILL_FIELDS=<fields as JSON> tsx backfill-with.ts --env dev ...
 */
import { runCommand } from "@image-pipeline/command";
import { dev } from "../../environments/dev";
import { backfillCommand } from "../../operations/backfill/command";

runCommand(backfillCommand(() => ({ ...dev, ...JSON.parse(process.env.BACKFILL_FIELDS ?? "{}") })));
