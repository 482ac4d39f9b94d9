import { Deadline } from "../../../handlers/resize-image/deadline";
import { readHeader } from "../../../handlers/resize-image/picture/read-header";
import { render } from "../../../handlers/resize-image/render";
import { photoLike } from "../../support/pictures";
import { THUMBNAIL } from "../../support/rendition-presets";

const HALF_A_SECOND_IS_KEPT_BACK = 500;

describe("Deadline", () => {
  it("refuses by name what does not end in time", async () => {
    const never = new Promise(() => {});
    await expect(new Deadline(HALF_A_SECOND_IS_KEPT_BACK + 10).race(never)).rejects.toMatchObject({
      name: "DeadlineExceeded",
      message: "Expected to finish within the function's timeout but time is up",
    });
  });

  it("gives what ends in time", async () => {
    expect(await new Deadline(60_000).race(Promise.resolve("done"))).toBe("done");
  });

  it("stops a picture that takes too long", async () => {
    const bytes = await photoLike(400, 300).png().toBuffer();
    const header = await readHeader(bytes, new Deadline(60_000));
    const late = new Deadline(0);
    await expect(render({ bytes, header }, [{ name: "thumb", preset: THUMBNAIL }], late)).rejects.toMatchObject({
      name: "DeadlineExceeded",
    });
  });
});
