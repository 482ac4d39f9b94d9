import { tooOldNode, wrongNode } from "../node-runtime";
import { parseOptions } from "../options";

describe("parseOptions", () => {
  it("runs dev on the usual ports without a word", () => {
    expect(parseOptions([])).toEqual({
      environment: "dev",
      port: 3000,
      awsPort: 4566,
      consolePort: "usual",
      deliveryPort: "usual",
      out: ".local",
      verbose: false,
    });
  });

  it("takes what it is told", () => {
    expect(
      parseOptions([
        "--env",
        "prod",
        "--port",
        "0",
        "--aws-port=8080",
        "--console-port=0",
        "--delivery-port=0",
        "--stack",
        "a.json",
        "--out",
        "x",
        "--data",
        "y",
        "--verbose",
      ]),
    ).toEqual({
      environment: "prod",
      port: 0,
      awsPort: 8080,
      consolePort: 0,
      deliveryPort: 0,
      stack: "a.json",
      out: "x",
      data: "y",
      verbose: true,
    });
  });

  it.each([
    [["--prot", "1"], "--prot"],
    [["extra"], "extra"],
    [["--port", "http"], '--port: expected a port from 0 to 65535 but received "http"'],
    [["--port", "65536"], '--port: expected a port from 0 to 65535 but received "65536"'],
    [["--aws-port", "-1"], "--aws-port"],
    [["--console-port", "x"], '--console-port: expected a port from 0 to 65535 but received "x"'],
    [["--delivery-port", "x"], '--delivery-port: expected a port from 0 to 65535 but received "x"'],
    [["--env", "../dev"], '--env: expected the name of an environment but received "../dev"'],
  ])("refuses %j", (args, message) => {
    expect(() => parseOptions(args)).toThrow(message);
  });
});

describe("wrongNode", () => {
  it("is content with the Node of the runtime", () => {
    expect(wrongNode("nodejs24.x", "24.1.0")).toBeUndefined();
  });

  it("says which Node the function needs and how to get it", () => {
    expect(wrongNode("nodejs24.x", "20.20.2")).toMatch(
      /^the function runs on Node 24 \(nodejs24\.x\) and this is Node 20\.20\.2: use `npm start`/,
    );
  });

  it("says that a Node is too old to load the runner", () => {
    expect([tooOldNode("20.20.2"), tooOldNode("22.15.0")]).toEqual([
      expect.stringMatching(/^this is Node 20\.20\.2, too old to run the stack: use `npm start`/),
      undefined,
    ]);
  });

  it("refuses another language", () => {
    expect(wrongNode("python3.13", "24.1.0")).toBe(
      "expected a Node runtime such as nodejs24.x but the function has python3.13",
    );
  });
});
