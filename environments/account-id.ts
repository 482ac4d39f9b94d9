import { pattern } from "./expectations";

/** The number of an AWS account; a string, for it may start with zeros. */
export const accountId = pattern(/^\d{12}$/, "an AWS account id, a string of 12 digits");
