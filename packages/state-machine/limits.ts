/** The longest timeout and wait, in seconds (docs: amazon-states-language-task-state, "cannot exceed 99999999"). */
export const MAX_SECONDS = 99_999_999;

/** The largest input, output and result, in bytes of UTF-8 (docs: service-quotas, "256 KiB of data"). */
export const MAX_DATA_BYTES = 262_144;

/** The longest history of a Standard execution (docs: service-quotas, "25,000 events"). */
export const MAX_EVENTS = 25_000;
