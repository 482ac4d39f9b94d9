import { type Fault, isObject } from "./expectations";

/** What is deleted and uploaded again has to come back. */
export function deletionFaults(environment: unknown, path: string): Fault[] {
  if (!isObject(environment) || environment.deleteRenditions !== true || environment.resizeOnUpload !== false)
    return [];
  const expected = "false without resizeOnUpload, because nothing would bring the renditions back with their original";
  return [{ path: `${path}.deleteRenditions`, expected, received: true }];
}
