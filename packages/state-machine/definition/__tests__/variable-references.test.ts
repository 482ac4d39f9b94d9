import { variableReferences } from "../variable-references";

describe("variableReferences", () => {
  it("names what each state reads, inside of others too", () => {
    const definition = {
      StartAt: "A",
      States: {
        A: { Type: "Pass", Assign: { a: 1 }, Parameters: { "x.$": "$a", y: "$b" }, Next: "C" },
        C: { Type: "Choice", Choices: [{ Variable: "$guess", StringEqualsPath: "$answer", Next: "M" }] },
        M: {
          Type: "Map",
          MaxConcurrencyPath: "$most",
          ItemProcessor: {
            StartAt: "S",
            States: { S: { Type: "Pass", Assign: { "s.$": "States.MathAdd(States.MathAdd($y, $x), 1)" }, End: true } },
          },
          End: true,
        },
      },
    };

    expect(variableReferences(definition)).toEqual({ A: ["a"], C: ["answer", "guess"], M: ["most"], S: ["x", "y"] });
  });

  it("reads expressions without what they name themselves and without functions", () => {
    const Output = "{% ($own := $v; $map($list, function($n){ $n + $own + $sum($states.input) })) %}";

    expect(
      variableReferences({ QueryLanguage: "JSONata", StartAt: "A", States: { A: { Type: "Pass", Output } } }),
    ).toEqual({ A: ["list", "v"] });
  });
});
