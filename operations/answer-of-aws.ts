import { CommandError } from "@image-pipeline/command";

/** The SDK's errors that came as an answer carry who is at fault. */
export const isAnswerOfAws = (error: unknown): error is Error => error instanceof Error && "$fault" in error;

/** Every request that failed has it, whether there was an answer of AWS, one of something else, or none. */
export const isOfRequest = (error: unknown): error is Error => error instanceof Error && "$metadata" in error;

/** What a person can mend: permissions, credentials, an endpoint that is not there. @throws CommandError in its place */
export async function asking<Value>(work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    const hasNoCredentials = error instanceof Error && error.name === "CredentialsProviderError";
    if (!isOfRequest(error) && !hasNoCredentials) throw error;
    throw new CommandError(`AWS: ${error.name}: ${error.message || "no answer"}`, { cause: error });
  }
}
