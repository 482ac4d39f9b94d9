import { defaultProvider } from "../../packaging/lambda-credentials";

const before = { ...process.env };
afterEach(() => {
  process.env = { ...before };
});

describe("the credentials of the function bundle", () => {
  it("are those that Lambda sets for the function's role", async () => {
    Object.assign(process.env, {
      AWS_ACCESS_KEY_ID: "id",
      AWS_SECRET_ACCESS_KEY: "secret",
      AWS_SESSION_TOKEN: "token",
    });
    expect(await defaultProvider()()).toEqual({ accessKeyId: "id", secretAccessKey: "secret", sessionToken: "token" });
  });

  it("name the variables when they are not set", async () => {
    delete process.env.AWS_ACCESS_KEY_ID;
    await expect(defaultProvider()()).rejects.toThrow(
      "Expected AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, as Lambda sets them, but they are not set",
    );
  });
});
