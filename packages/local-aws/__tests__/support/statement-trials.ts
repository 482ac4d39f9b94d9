/**
 * Takes each statement out of a synthesized stack in turn, and out of a permissions boundary around all of its roles, and
 * tries the pipeline. Prints one trial a line, as JSON.
 * Usage: tsx statement-trials.ts <cdk.tf.json>
 */
import { trial } from "./local-trial";
import { printTrials } from "./print-trials";

printTrials(() => true, trial);
