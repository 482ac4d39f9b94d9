import type { HistoryEvent } from "@image-pipeline/state-machine";
import { isJsonObject, type Json, parseJson } from "../json";

const MAX_TEXT = 600;

/** One event of a history as a line for a person; undefined for those that only say what the next one says again. */
export function describeEvent(event: HistoryEvent): string | undefined {
  const details = detailsOf(event);
  const text = (field: string) => shorten(String(details[field] ?? ""));
  switch (event.type) {
    case "ExecutionStarted":
      return `started with ${text("input")}`;
    case "TaskSucceeded":
      return describeAnswer(rawText(details.output));
    case "TaskFailed":
      return `the task failed: ${text("error")}: ${readableCause(rawText(details.cause))}`;
    case "TaskTimedOut":
      return "the task timed out";
    case "ExecutionSucceeded":
      return "SUCCEEDED";
    case "ExecutionFailed":
      return `FAILED: ${text("error")}: ${readableCause(rawText(details.cause))}`;
    case "ExecutionTimedOut":
      return "TIMED_OUT";
    case "ExecutionAborted":
      return "ABORTED";
    default:
      return event.type.endsWith("StateEntered") ? `state ${text("name")}` : undefined;
  }
}

function detailsOf(event: HistoryEvent): { readonly [field: string]: Json } {
  const found = Object.entries(event).find(([name]) => name.endsWith("EventDetails"))?.[1];
  return isJsonObject(found) ? found : {};
}

function rawText(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

/** What the function said, in a few words; undefined for a refusal, which the end of the execution tells. */
function describeAnswer(output: string): string | undefined {
  const result = parseJson(output || "null");
  const payload = isJsonObject(result) ? result.Payload : result;
  if (!isJsonObject(payload)) return `the function answered ${shorten(JSON.stringify(payload ?? null))}`;
  if (payload.status === "FAILED") return undefined;
  const words = [payload.status, payload.message].filter((word) => word !== undefined);
  return `the function answered ${shorten(words.length > 0 ? words.join(": ") : JSON.stringify(payload))}`;
}

/** The cause of a failed function is JSON with a stack trace; a person reads its message. */
function readableCause(cause: string): string {
  try {
    const error = parseJson(cause);
    if (isJsonObject(error) && typeof error.errorMessage === "string") return shorten(error.errorMessage);
  } catch {
    // Plain text already.
  }
  return shorten(cause);
}

function shorten(text: string): string {
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT - 3)}...` : text;
}
