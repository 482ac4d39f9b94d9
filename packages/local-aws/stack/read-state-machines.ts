import { UnsupportedError } from "../unsupported-error";
import type { Block } from "./block";
import { roleByArn } from "./read-roles";
import type { Resources } from "./resources";
import type { Role } from "./role";
import type { StateMachineResource } from "./stack-model";

// What the AWS provider takes: Step Functions itself takes more, and then cannot log them.
const NAME = /^[A-Za-z0-9_-]{1,80}$/;

/** The state machines with their definitions as data. */
export function readStateMachines(
  resources: Resources,
  roles: ReadonlyMap<string, Role>,
): readonly StateMachineResource[] {
  return resources.ofType("aws_sfn_state_machine").map((block) => {
    const type = block.optionalString("type") ?? "STANDARD";
    if (type !== "STANDARD") throw new UnsupportedError(block.address, `expected type STANDARD but received ${type}`);
    const logging = block.optionalBlock("logging_configuration");
    const tracing = block.optionalBlock("tracing_configuration");
    const machine: StateMachineResource = {
      address: block.address,
      name: block.stringLike("name", NAME, "1 to 80 letters, digits, - and _"),
      arn: String(resources.lookup(`${block.address}.arn`, block.address)),
      role: roleByArn(roles, block.string("role_arn"), block.address),
      definition: block.jsonText("definition"),
      ...readLogging(logging),
      traced: tracing?.optionalBoolean("enabled") ?? false,
    };
    tracing?.end();
    block.withoutLocalMeaning("publish");
    block.end();
    return machine;
  });
}

/** Here the log is the terminal, and everything is shown. @throws UnsupportedError for a configuration AWS refuses */
function readLogging(logging: Block | undefined): Pick<StateMachineResource, "logged" | "logsData"> {
  if (logging === undefined) return { logged: false, logsData: false };
  const level = logging.optionalOneOf("level", ["ALL", "ERROR", "FATAL", "OFF"]) ?? "OFF";
  const destination = logging.optionalString("log_destination");
  const logsData = logging.optionalBoolean("include_execution_data") ?? false;
  logging.end();
  if (destination === undefined ? level !== "OFF" : !/^arn:aws:logs:.*:\*$/.test(destination)) {
    throw new UnsupportedError(
      logging.address,
      `expected the ARN of a log group and ":*" for log_destination but received ${destination ?? "nothing"}`,
    );
  }
  return { logged: level !== "OFF", logsData };
}
