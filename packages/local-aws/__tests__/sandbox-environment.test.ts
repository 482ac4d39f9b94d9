import { sandboxEnvironment } from "../lambda/sandbox-environment";
import type { FunctionResource } from "../stack/stack-model";

function environmentOf(environment: FunctionResource["environment"]) {
  return sandboxEnvironment(
    {
      name: "fn",
      runtime: "nodejs24.x",
      handler: "index.handler",
      environment,
      memoryMb: 512,
      logGroup: "/aws/lambda/fn",
      logFormat: "JSON",
    },
    { taskFolder: "/task", layerFolder: "/opt", compiledFolder: "/compiled" },
    { accessKeyId: "id", secretAccessKey: "secret", sessionToken: "token" },
    { region: "eu-central-1", awsUrl: "http://127.0.0.1:1" },
  );
}

describe("sandboxEnvironment", () => {
  it.each(["TZ", "LANG", "PATH", "NODE_PATH", "LD_LIBRARY_PATH"])("lets the function set %s", (name) => {
    expect(environmentOf({ [name]: "own" })[name]).toBe("own");
    expect(environmentOf({})[name]).toMatch(/./);
  });

  it("sets what is Lambda's own", () => {
    expect(environmentOf({ AWS_REGION: "own", OWN: "1" })).toMatchObject({ AWS_REGION: "eu-central-1", OWN: "1" });
  });
});
