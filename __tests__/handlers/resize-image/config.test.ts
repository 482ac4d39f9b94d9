import { readConfig } from "../../../handlers/resize-image/config";
import { aConfig, environmentOf } from "../../support/rendition-presets";

const variables = { ...environmentOf(aConfig()), AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "1024" };

describe("readConfig", () => {
  it("reads what the stack sets", () => {
    expect(readConfig(variables)).toEqual(aConfig());
  });

  it("reads which uploads start executions where deletions are followed", () => {
    const config = { ...aConfig(), deletesRenditions: true, uploads: { suffixes: [".jpg"] } };
    expect(readConfig({ ...variables, ...environmentOf(config) })).toEqual(config);
    expect(readConfig({ ...variables, DELETES_RENDITIONS: "true" }).uploads).toEqual({});
  });

  it.each(Object.keys(variables))("refuses to start without %s", (name) => {
    expect(() => readConfig({ ...variables, [name]: undefined })).toThrow(
      `Expected the environment variable ${name} but it is not set`,
    );
  });
});
