import { parseEventPattern } from "../event-rules/event-pattern";
import { parseInputTransformer } from "../event-rules/input-transformer";
import { UnsupportedError } from "../unsupported-error";
import { roleByArn } from "./read-roles";
import type { Resources } from "./resources";
import type { Role } from "./role";
import type { EventRule, EventTarget } from "./stack-model";

// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html
const NAME = /^[A-Za-z0-9._-]{1,64}$/;
// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_RetryPolicy.html
const MIN_EVENT_AGE_SECONDS = 60;
const MAX_EVENT_AGE_SECONDS = 86_400;
const MAX_RETRY_ATTEMPTS = 185;

/** The EventBridge rules that are switched on, with their targets. */
export function readEventRules(resources: Resources, roles: ReadonlyMap<string, Role>): readonly EventRule[] {
  const rules = attributesOf(resources, "aws_cloudwatch_event_rule", "name");
  const machines = attributesOf(resources, "aws_sfn_state_machine", "arn");
  // Their own policies let EventBridge write to them, and no role does.
  const withPolicy = new Set(
    ["aws_sqs_queue", "aws_sns_topic"].flatMap((type) => [...attributesOf(resources, type, "arn")]),
  );
  const targets = resources.ofType("aws_cloudwatch_event_target").map((block) => {
    const transformer = block.optionalBlock("input_transformer");
    const deadLetters = block.optionalBlock("dead_letter_config");
    const deadLetterQueueArn = deadLetters?.optionalString("arn");
    const arn = block.string("arn");
    const target: EventTarget & { readonly rule: string } = {
      address: block.address,
      rule: block.string("rule"),
      arn,
      role: withPolicy.has(arn) ? undefined : roleByArn(roles, block.string("role_arn"), block.address),
      ...(transformer && {
        transform: parseInputTransformer(
          transformer.stringMap("input_paths"),
          transformer.string("input_template"),
          block.address,
        ),
      }),
      ...(deadLetterQueueArn !== undefined && { deadLetterQueueArn }),
    };
    transformer?.end();
    deadLetters?.end();
    // Starting an execution fails here only for reasons that a retry does not mend: it goes to the dead letters at once.
    const retries = block.optionalBlock("retry_policy");
    retries?.optionalWhole("maximum_event_age_in_seconds", MIN_EVENT_AGE_SECONDS, MAX_EVENT_AGE_SECONDS);
    retries?.optionalWhole("maximum_retry_attempts", 0, MAX_RETRY_ATTEMPTS);
    retries?.end();
    block.withoutLocalMeaning("target_id");
    block.end();
    if (!rules.has(target.rule))
      throw new UnsupportedError(block.address, `expected a rule of the stack but received ${target.rule}`);
    if (!machines.has(arn) && !withPolicy.has(arn))
      throw new UnsupportedError(
        block.address,
        `expected a state machine, queue or topic of the stack but received ${arn}`,
      );
    return target;
  });
  return resources.ofType("aws_cloudwatch_event_rule").flatMap((block) => {
    const name = block.stringLike("name", NAME, "1 to 64 letters, digits, ., - and _");
    const rule: EventRule = {
      address: block.address,
      name,
      arn: String(resources.lookup(`${block.address}.arn`, block.address)),
      pattern: parseEventPattern(block.jsonText("event_pattern"), block.address),
      targets: targets.filter((target) => target.rule === name),
    };
    const state = block.optionalOneOf("state", ["ENABLED", "DISABLED"]) ?? "ENABLED";
    block.withoutLocalMeaning("description");
    block.end();
    return state === "ENABLED" ? [rule] : [];
  });
}

function attributesOf(resources: Resources, type: string, attribute: string): ReadonlySet<string | number> {
  return new Set(resources.ofType(type).map(({ address }) => resources.lookup(`${address}.${attribute}`, address)));
}
