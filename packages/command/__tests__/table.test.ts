import { asMarkdown, asText } from "../table";

const table = {
  title: "CPU time",
  head: ["picture", "ms"],
  rows: [
    ["a.jpg", "7.5"],
    ["longer-name.jpg", "120.0"],
  ],
};

describe("a table", () => {
  it("is in line in a terminal, numbers to the right", () => {
    expect(asText(table).split("\n")).toEqual([
      "CPU time",
      "picture             ms",
      "a.jpg              7.5",
      "longer-name.jpg  120.0",
    ]);
  });

  it("is Markdown in the file", () => {
    expect(asMarkdown(table).split("\n")).toEqual([
      "### CPU time",
      "",
      "| picture | ms |",
      "| --- | ---: |",
      "| a.jpg | 7.5 |",
      "| longer-name.jpg | 120.0 |",
    ]);
  });

  it("keeps words to the left", () => {
    const words = {
      title: "Parts",
      head: ["part", "from", "dollars"],
      rows: [
        ["Lambda", "4 requests", "$1.00"],
        ["sum", "", "$10.00"],
      ],
    };
    expect(
      asText({ ...words, rows: [...words.rows, ["x", "two words", "$3"]] })
        .split("\n")
        .slice(1, 3),
    ).toEqual(["part    from        dollars", "Lambda  4 requests    $1.00"]);
  });
});
