import fc from "fast-check";
import { evaluateIntrinsic, parseIntrinsic } from "../intrinsic";
import { parsePath, readPath } from "../path";
import { parseResultPath, writeResult } from "../result-path";
import type { Json } from "../scope";
import { matches, parsePattern } from "../string-matches";
import { evaluateTemplate, parseTemplate } from "../template";

const scope = { context: {}, variables: {} };

function call(text: string, input: Json): Json {
  return evaluateIntrinsic(parseIntrinsic(text), input, scope);
}

const json = fc.jsonValue().map((value): Json => JSON.parse(JSON.stringify(value)));
const literal = (text: string) => `'${text.replaceAll(/['{}\\]/g, "\\$&")}'`;
const text = fc.string({ unit: fc.constantFrom("a", "'", "{", "}", "\\", ",", "(", ")", "$", " ", "é", "🙂") });

describe("literals", () => {
  it("come out as they went in, whatever is escaped in them", () => {
    fc.assert(fc.property(text, (each) => expect(call(`States.Array(${literal(each)})`, null)).toEqual([each])));
  });

  it("come out of States.Format as they went in", () => {
    fc.assert(
      fc.property(text, text, (before, value) => {
        expect(call(`States.Format(${literal(before).slice(0, -1)}{}', $)`, value)).toBe(before + value);
      }),
    );
  });
});

describe("functions", () => {
  it("ArrayPartition loses and reorders nothing, and fills every chunk but the last", () => {
    fc.assert(
      fc.property(fc.array(json), fc.integer({ min: 1, max: 9 }), (list, size) => {
        const chunks = [call(`States.ArrayPartition($, ${size})`, list)].flat();
        expect(chunks.flat()).toEqual(list.flat(0));
        for (const chunk of chunks.slice(0, -1)) expect(chunk).toHaveLength(size);
      }),
    );
  });

  it("ArrayRange stays within its ends and keeps its distance", () => {
    const small = fc.integer({ min: -400, max: 400 });
    fc.assert(
      fc.property(
        small,
        small,
        small.filter((step) => step !== 0),
        (first, last, step) => {
          const range = [call(`States.ArrayRange(${first}, ${last}, ${step})`, null)].flat();
          for (const [index, value] of range.entries()) {
            expect(value).toBe(first + index * step);
            expect(Number(value)).toBeGreaterThanOrEqual(Math.min(first, last));
            expect(Number(value)).toBeLessThanOrEqual(Math.max(first, last));
          }
          expect(range.length > 0).toBe(first === last || first < last === step > 0);
        },
      ),
    );
  });

  it("ArrayUnique keeps each value once, and ArrayContains finds all of them", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.integer({ min: 0, max: 3 }), json)), (list) => {
        const unique = call("States.ArrayUnique($)", list);
        expect(call("States.ArrayUnique($)", unique)).toEqual(unique);
        for (const value of list) expect(call("States.ArrayContains($[0], $[1])", [unique, value])).toBe(true);
      }),
    );
  });

  it("JsonMerge takes the second where both have a field", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), json), fc.dictionary(fc.string(), json), (first, second) => {
        const merged = new Map(Object.entries(Object(call("States.JsonMerge($[0], $[1], false)", [first, second]))));
        expect(merged).toEqual(new Map([...Object.entries(first), ...Object.entries(second)]));
      }),
    );
  });

  it("JsonToString and StringToJson undo each other", () => {
    fc.assert(
      fc.property(json, (value) => expect(call("States.StringToJson(States.JsonToString($))", value)).toEqual(value)),
    );
  });

  it("Base64Encode and Base64Decode undo each other", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (each) => {
        expect(call("States.Base64Decode(States.Base64Encode($))", each)).toBe(each);
      }),
    );
  });

  it("StringSplit keeps all but the delimiters", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("a", "b", ",", ";") }), (each) => {
        const pieces = [call("States.StringSplit($, ',;')", each)].flat();
        expect(pieces.join("")).toBe(each.replaceAll(/[,;]/g, ""));
        for (const piece of pieces) expect(piece).toMatch(/^[^,;]+$/);
      }),
    );
  });

  it("MathAdd adds integers of 32 bits", () => {
    const half = fc.integer({ min: -(2 ** 30), max: 2 ** 30 - 1 });
    fc.assert(fc.property(half, half, (a, b) => expect(call(`States.MathAdd(${a}, ${b})`, null)).toBe(a + b)));
  });

  it("Hash gives its algorithm's length in hexadecimal digits", () => {
    const lengths = { MD5: 32, "SHA-1": 40, "SHA-256": 64, "SHA-384": 96, "SHA-512": 128 };
    fc.assert(
      fc.property(fc.string(), fc.constantFrom(...Object.entries(lengths)), (each, [name, length]) => {
        expect(call(`States.Hash($, '${name}')`, each)).toMatch(new RegExp(`^[0-9a-f]{${length}}$`));
      }),
    );
  });
});

describe("paths", () => {
  const name = fc.string({ minLength: 1 });

  it("find what ResultPath wrote, beside all that was there", () => {
    fc.assert(
      fc.property(fc.dictionary(name, json), name, name, json, (input, outer, inner, result) => {
        const path = [outer, inner].map((each) => `['${each.replaceAll(/['\\]/g, "\\$&")}']`).join("");
        const target = { ...input, [outer]: {} };
        const written = writeResult(parseResultPath(`$${path}`), target, result);
        expect(readPath(parsePath(`$${path}`), written, scope)).toEqual(result);
        expect(Object.keys(Object(written))).toEqual(Object.keys(target));
      }),
    );
  });

  it("leave templates without .$ as they are", () => {
    fc.assert(
      fc.property(json, (value) => {
        fc.pre(!JSON.stringify(value).includes('.$":'));
        expect(evaluateTemplate(parseTemplate(value), null, scope)).toEqual(value);
      }),
    );
  });

  it("match as a regular expression does", () => {
    const unit = fc.constantFrom("a", "b", "*");
    fc.assert(
      fc.property(fc.string({ unit }), fc.string({ unit: fc.constantFrom("a", "b") }), (pattern, each) => {
        const expected = new RegExp(`^${pattern.replaceAll("*", ".*")}$`).test(each);
        expect(matches(parsePattern(pattern), each)).toBe(expected);
      }),
    );
  });
});
