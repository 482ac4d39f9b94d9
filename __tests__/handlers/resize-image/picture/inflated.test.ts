import { deflateSync } from "node:zlib";
import { inflated } from "../../../../handlers/resize-image/picture/inflated";

describe("what a zlib stream holds", () => {
  const stream = deflateSync(Buffer.alloc(1000));

  it("is given up to as many bytes as are asked for, and never unpacked beyond", () => {
    expect(inflated(stream, 1000)?.length).toBe(1000);
    expect(inflated(stream, 999)).toBeUndefined();
  });

  it.each([
    ["cut off", stream.subarray(0, -1)],
    ["damaged", Buffer.from("no stream")],
  ])("is nothing where it is %s", (_, bytes) => {
    expect(inflated(bytes, 1000)).toBeUndefined();
  });
});
