import { refuseEnvironment } from "../lambda/refuse-environment";

const address = "aws_lambda_function.f";
const refusing = (environment: Readonly<Record<string, string>>) => () => refuseEnvironment({ address, environment });

describe("refuseEnvironment", () => {
  // {"NAME":"..."} is 11 bytes without the value.
  it("lets 4 KB of JSON pass", () => {
    expect(refusing({ NAME: "x".repeat(4085) })).not.toThrow();
  });

  it.each([
    ["one byte more", { NAME: "x".repeat(4086) }],
    ["quotes, which JSON escapes", { NAME: '"'.repeat(2043) }],
    ["letters of two bytes", { NAME: "é".repeat(2043) }],
  ])("refuses %s", (_what, environment) => {
    expect(refusing(environment)).toThrow(
      "aws_lambda_function.f: expected environment variables of at most 4096 bytes as JSON but received 4097",
    );
  });

  it.each(["AWS_REGION", "_HANDLER", "LAMBDA_TASK_ROOT"])("refuses %s, which is Lambda's own", (name) => {
    expect(refusing({ [name]: "1" })).toThrow(
      `aws_lambda_function.f: the environment variable ${name} is reserved by Lambda`,
    );
  });

  it("refuses a name that no variable can have", () => {
    expect(refusing({ "A-B": "1" })).toThrow(
      'expected letters, digits and _ for the name of an environment variable but received "A-B"',
    );
  });
});
