import { runCommand } from "@image-pipeline/command";
import { backfillCommand } from "./backfill/command";
import { environmentNamed } from "./environment-named";

runCommand(backfillCommand(environmentNamed));
