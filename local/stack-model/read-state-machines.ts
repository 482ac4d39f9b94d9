import { roleByArn } from "./read-roles";
import type { Resources } from "./resources";
import type { Role, StateMachineResource } from "./stack-model";
import { UnsupportedError } from "./unsupported-error";

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
      name: block.string("name"),
      arn: String(resources.lookup(`${block.address}.arn`, block.address)),
      role: roleByArn(roles, block.string("role_arn"), block.address),
      definition: block.jsonText("definition"),
      logged: logging !== undefined && logging.optionalString("level") !== "OFF",
      traced: tracing?.optionalBoolean("enabled") ?? false,
    };
    // Here the log is the terminal, and everything is shown.
    logging?.withoutLocalMeaning("include_execution_data", "log_destination");
    logging?.end();
    tracing?.end();
    block.withoutLocalMeaning("publish");
    block.end();
    return machine;
  });
}
