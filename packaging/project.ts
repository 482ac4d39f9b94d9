import { join, resolve } from "node:path";

/** The folder of package.json. */
export const PROJECT_FOLDER = resolve(__dirname, "..");

/** Where builds leave their zips; ignored by git and safe to delete. */
export const BUILD_FOLDER = join(PROJECT_FOLDER, ".build");
