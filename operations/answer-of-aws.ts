import { CommandError } from "@image-pipeline/command";

/** The SDK's errors that came as an answer carry who is at fault. */
export const isAnswerOfAws = (error: unknown): error is Error => error instanceof Error && "$fault" in error;

/** What a person can mend: permissions, credentials, an endpoint that is not there. @throws CommandError in its place */
export async function asking<Value>(work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    // Every request that failed has it, whether there was an answer or none.
    const ofRequest = error instanceof Error && ("$metadata" in error || error.name === "CredentialsProviderError");
    if (!ofRequest) throw error;
    throw new CommandError(`AWS: ${error.name}: ${error.message || "no answer"}`, { cause: error });
  }
}
