import { RouteTable } from "../http-api/route-table";

const aTable = (routeKeys: readonly string[]) =>
  new RouteTable(routeKeys.map((routeKey, index) => ({ address: `aws_apigatewayv2_route.r${index}`, routeKey })));
const found = (routeKeys: readonly string[], method: string, path: string) =>
  aTable(routeKeys).find(method, path)?.target.routeKey;

describe("RouteTable", () => {
  it.each([
    ["POST /pets/{proxy+}", "POST /{proxy+}", "/pets/dog/1"],
    ["POST /v/{a}/edit", "POST /v/{a}/{b}", "/v/1/edit"],
    ["POST /v/{b}", "POST /{a}/x", "/v/x"],
    ["POST /v/{b}", "POST /v/{proxy+}", "/v/x"],
    ["POST /{a}/x", "POST /v/{proxy+}", "/v/x"],
    ["POST /pets/{proxy+}", "POST /{kind}/{proxy+}", "/pets/dog/1"],
    ["POST /a", "ANY /a", "/a"],
    ["ANY /a", "POST /{id}", "/a"],
    ["ANY /{proxy+}", "$default", "/a/b"],
  ])("prefers %s to %s for %s, in whatever order they stand", (specific, general, path) => {
    expect([found([specific, general], "POST", path), found([general, specific], "POST", path)]).toEqual([
      specific,
      specific,
    ]);
  });

  it.each([
    ["another method", ["GET /a"], "/a"],
    ["a longer path", ["POST /a"], "/a/b"],
    ["a shorter path", ["POST /a/{id}"], "/a"],
    ["an empty variable", ["POST /a/{id}"], "/a/"],
    ["nothing for a greedy variable", ["POST /{proxy+}"], "/"],
    ["a slash at the end", ["POST /a"], "/a/"],
    ["another case", ["POST /a"], "/A"],
  ])("finds nothing for %s", (_what, routeKeys, path) => {
    expect(found(routeKeys, "POST", path)).toBeUndefined();
  });

  it.each([
    ["ANY /a", "/a"],
    ["$default", "/"],
    ["$default", "/a/b"],
  ])("takes every method for %s at %s", (routeKey, path) => {
    for (const method of ["GET", "HEAD", "OPTIONS", "DELETE"]) expect(found([routeKey], method, path)).toBe(routeKey);
  });

  it("gives variables their values, decoded", () => {
    const table = aTable(["GET /{kind}/{key+}"]);

    expect(table.find("GET", "/pets/a%20b/c%2Fd")?.pathParameters).toEqual({ kind: "pets", key: "a b/c/d" });
  });

  it.each([
    ["a greedy variable before the end", "POST /{proxy+}/x", '"{proxy+}"'],
    ["a variable with a hyphen", "POST /img/{file-name}", '"{file-name}"'],
    ["a variable in a part of its own text", "POST /p-{id}", '"p-{id}"'],
    ["a wildcard", "POST /a*", '"a*"'],
    ["an empty part", "POST //a", '""'],
  ])("refuses %s", (_what, routeKey, received) => {
    expect(() => aTable([routeKey])).toThrow(
      `aws_apigatewayv2_route.r0: expected text, {variable} or, at the end, {variable+} between the slashes of a route key but received ${received}`,
    );
  });

  it.each(["$connect", "POST a", "post /a", "FETCH /a"])("refuses the route key %s", (routeKey) => {
    expect(() => aTable([routeKey])).toThrow(
      `aws_apigatewayv2_route.r0: expected a route key such as "POST /path" but received "${routeKey}"`,
    );
  });

  it("refuses two variables of one name", () => {
    expect(() => aTable(["POST /{a}/{a}"])).toThrow(
      'aws_apigatewayv2_route.r0: expected different variables in the route key "POST /{a}/{a}"',
    );
  });

  it.each([
    ["$default", "$default"],
    ["POST /a", "POST /a"],
    ["POST /v/{a}", "POST /v/{b}"],
    ["ANY /{a}/{b+}", "ANY /{c}/{d+}"],
  ])("refuses %s beside %s", (one, other) => {
    expect(() => aTable([one, other])).toThrow(
      `aws_apigatewayv2_route.r1: "${other}" matches the same requests as aws_apigatewayv2_route.r0`,
    );
  });
});
