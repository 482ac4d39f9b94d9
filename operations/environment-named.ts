import { CommandError } from "@image-pipeline/command";
import { loadProject } from "../environments";
import type { Environment } from "../environments/environment";

/** The environment that a command's `--env` names. @throws CommandError, InvalidEnvironment */
export function environmentNamed(name: string): Environment {
  const { environments } = loadProject();
  const environment = environments.find((one) => one.name === name);
  if (environment !== undefined) return environment;
  const names = environments.map((one) => one.name).join(", ");
  throw new CommandError(`--env: expected one of ${names} but received ${name}`);
}
