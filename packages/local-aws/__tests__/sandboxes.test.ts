import { runTypeScript } from "./support/local-project";
import { onLinux } from "./support/on-linux";

interface Trial {
  readonly results: readonly {
    readonly payload?: unknown;
    readonly functionError?: string;
    readonly refused?: string;
    readonly message?: string;
  }[];
  readonly log: readonly string[];
}

describe("a function in its sandboxes", () => {
  let trials: Readonly<Record<string, Trial>> = {};
  const resultOf = (name: string, index = 0) => trials[name]?.results[index];

  beforeAll(async () => {
    trials = JSON.parse(await runTypeScript("packages/local-aws/__tests__/support/sandbox-trials.ts", []));
  }, 120_000);

  it("gives what the handler returns", () => {
    expect(resultOf("returns")).toEqual({ payload: { got: { a: 1 } } });
  });

  it.each(["is an ES module", "is a member of a member"])("runs a handler that %s", (name) => {
    expect(resultOf(name)).toEqual({ payload: "from a module" });
  });

  it("gives null for a handler that returns nothing", () => {
    expect(resultOf("returns nothing")).toEqual({ payload: null });
  });

  it("keeps its state between invocations, and REPORTs a cold start once", () => {
    expect(trials["stays warm"]?.results).toEqual([{ payload: 1 }, { payload: 2 }]);
    expect(trials["stays warm"]?.log.map((line) => line.includes("Init Duration"))).toEqual([true, false]);
  });

  it("leaves what the first invocation compiled for the next sandbox, and nothing of that to be seen by it", () => {
    expect(trials["leaves what it compiled"]?.results).toEqual([
      { payload: [false, false] },
      { payload: [true, false] },
    ]);
  });

  it.each([
    ["throws", "TypeError", "boom"],
    ["throws text", "string", "text"],
    ["exits", "Runtime.ExitError", "RequestId: id Error: Runtime exited without providing a reason"],
    ["exits with 3", "Runtime.ExitError", "RequestId: id Error: Runtime exited with error: exit status 3"],
    ["is killed", "Runtime.ExitError", "RequestId: id Error: Runtime exited with error: signal: killed"],
    ["rejects unheard", "Runtime.UnhandledPromiseRejection", "Error: unheard"],
    ["throws in a timer", "RangeError", "late"],
    ["takes too long", "Sandbox.Timedout", "RequestId: id Error: Task timed out after 1.00 seconds"],
    ["spins for ever", "Sandbox.Timedout", "RequestId: id Error: Task timed out after 1.00 seconds"],
    // By V8 itself or for the memory of the whole process, whichever notices first.
    [
      "runs out of memory",
      "Runtime.ExitError",
      expect.stringMatching(/Runtime exited with error: signal: (aborted|killed)$/),
    ],
    ["returns a circle", "Error", "Unable to stringify response body"],
    [
      "returns 7 MB",
      "Function.ResponseSizeTooLarge",
      "Response payload size exceeded maximum allowed payload size (6291556 bytes).",
    ],
    ["throws 10 MB", "Error", expect.stringMatching(/^x{100000}$/)],
    ["writes without end", "Sandbox.Timedout", "RequestId: id Error: Task timed out after 1.00 seconds"],
    ["misses a module", "Runtime.ImportModuleError", expect.stringContaining("Cannot find module 'left-pad'")],
    ["has no handler", "Runtime.HandlerNotFound", "index.handler is undefined or not exported"],
    ["has a broken handler name", "Runtime.MalformedHandlerName", "Bad handler"],
    ["is no JavaScript", "Runtime.UserCodeSyntaxError", "SyntaxError: Unexpected end of input"],
    ["throws at start", "Error", "no config"],
    ["takes a callback", "Runtime.CallbackHandlerDeprecated", expect.stringContaining("return a promise")],
    ["requires an ES module", "Error", expect.stringContaining("require() of ES Module")],
  ])("that %s fails as on Lambda: %s", (name, errorType, errorMessage) => {
    expect(resultOf(name)).toEqual({
      payload: expect.objectContaining({ errorType, errorMessage }),
      functionError: "Unhandled",
    });
  });

  onLinux(
    "only Linux tells how much memory another process holds",
    "is killed when it holds more memory than it has, outside of V8 too",
    async () => {
      expect(resultOf("runs out of memory outside of V8")).toEqual({
        payload: expect.objectContaining({
          errorMessage: "RequestId: id Error: Runtime exited with error: signal: killed",
        }),
        functionError: "Unhandled",
      });
    },
  );

  it("gives the trace of an error in the function's own files", () => {
    expect(resultOf("throws")?.payload).toHaveProperty(
      "trace.1",
      expect.stringMatching(/at exports\.handler \(.*task\/index\.js:1:/),
    );
  });

  it("goes on in the same sandbox after an error, and in a new one after a death", () => {
    expect([resultOf("throws and goes on", 1), resultOf("exits and comes back", 1)]).toEqual([
      { payload: 2 },
      { payload: "alive" },
    ]);
  });

  it("refuses an event of more than 6 MB", () => {
    expect(resultOf("gets 7 MB")).toMatchObject({ refused: "RequestTooLargeException" });
  });

  it("finds layers, and nothing of this machine's environment", () => {
    const names = resultOf("shows its environment")?.payload;

    expect(resultOf("finds a layer")).toEqual({ payload: "layer" });
    expect(names).toContain("OWN");
    expect(names).not.toContain("HOME");
    expect(names).not.toContain("NODE_CHANNEL_FD");
  });

  it("gets a context with the time it has left", () => {
    expect(resultOf("shows its context")?.payload).toMatchObject({
      awsRequestId: "id",
      functionName: "fn",
      memoryLimitInMB: "512",
      invokedFunctionArn: "arn:aws:lambda:eu-central-1:111111111111:function:fn",
    });
    expect(resultOf("shows its context")?.payload).toHaveProperty("remaining", expect.any(Number));
  });

  it("answers TooManyRequests beyond its reserved concurrency", () => {
    expect(trials["reserves one"]?.results).toEqual([
      { payload: "done" },
      { refused: "TooManyRequestsException", message: "Rate Exceeded." },
    ]);
  });

  it("cannot hurt the runner through its channel", () => {
    expect(resultOf("abuses the channel")).toEqual({ payload: "done" });
  });

  it("runs two invocations at once in two sandboxes", () => {
    const [one, other] = trials["works twice at once"]?.results ?? [];

    expect(one?.payload).not.toEqual(other?.payload);
  });
});
