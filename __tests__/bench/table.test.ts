import { asMarkdown, asText } from "../../bench/table";

const table = {
  title: "CPU time",
  head: ["picture", "ms"],
  rows: [
    ["a.jpg", "7.5"],
    ["longer-name.jpg", "120.0"],
  ],
};

describe("a table of the bench", () => {
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
});
