/** An ES module, which the runner can only import this way. Once: each import() asks the loader's hooks anew. */
const library = import("aws-local-stepfunctions");

/** The class that runs a definition, and the error of a task that takes too long. */
export const interpreter = library.then(async ({ StateMachine }) => ({
  StateMachine,
  taskTimeout: await taskTimeout(StateMachine),
}));

/**
 * The library's own error, which it does not export: States.TaskFailed matches every error but this one. Its message
 * becomes the cause, of which AWS gives none.
 */
async function taskTimeout(StateMachine: Awaited<typeof library>["StateMachine"]): Promise<Error> {
  const machine = new StateMachine(
    { StartAt: "T", States: { T: { Type: "Task", Resource: "", TimeoutSeconds: 0.001, End: true } } },
    { validationOptions: { noValidate: true } },
  );
  const taskResourceLocalHandlers = { T: () => new Promise<null>(() => {}) };
  const failure: unknown = await machine.run(null, { overrides: { taskResourceLocalHandlers } }).result.catch((e) => e);
  if (!(failure instanceof Error && failure.cause instanceof Error)) throw new Error("expected a task to time out");
  failure.cause.message = "";
  return failure.cause;
}
