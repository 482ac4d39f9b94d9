import { referredFunction } from "../stack/function-reference";

const ARN = "arn:aws:lambda:eu-central-1:111111111111:function:fn";
const fn = { resource: { name: "fn", arn: ARN } };

describe("referredFunction", () => {
  it.each(["fn", "111111111111:function:fn", ARN])("finds %s", (reference) => {
    expect(referredFunction([fn], reference)).toEqual({ arn: ARN, target: fn });
  });

  it.each(["fn", "111111111111:function:fn", ARN])(
    "finds %s:$LATEST, and asks about the qualified ARN",
    (reference) => {
      expect(referredFunction([fn], `${reference}:$LATEST`)).toEqual({ arn: `${ARN}:$LATEST`, target: fn });
      expect(referredFunction([fn], reference, "$LATEST")).toEqual({ arn: `${ARN}:$LATEST`, target: fn });
    },
  );

  it.each(["1", "live"])("finds no version or alias %s", (qualifier) => {
    expect(referredFunction([fn], `fn:${qualifier}`)).toEqual({ arn: `${ARN}:${qualifier}`, target: undefined });
    expect(referredFunction([fn], "fn", qualifier)).toEqual({ arn: `${ARN}:${qualifier}`, target: undefined });
  });

  it.each([
    "gn",
    "222222222222:function:fn",
    "arn:aws:lambda:us-east-1:111111111111:function:fn",
    "arn:aws:s3:::fn",
    "",
  ])('finds nothing by "%s"', (reference) => {
    expect(referredFunction([fn], reference)).toEqual({ arn: reference, target: undefined });
  });

  it("refuses two qualifiers that differ", () => {
    expect(() => referredFunction([fn], "fn:$LATEST", "live")).toThrow(
      "The derived qualifier from the function name does not match the specified qualifier.",
    );
  });
});
