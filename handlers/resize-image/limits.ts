/** Most bytes of a source: the whole file is held in memory beside its pixels. Larger than any camera's JPEG. */
export const MAX_SOURCE_BYTES = 64 * 1024 * 1024;

/** Most pixels of a source, all frames together: a phone's 100 megapixel mode passes, a bomb does not. */
export const MAX_SOURCE_PIXELS = 100_000_000;

/** Most frames of an animation that are kept. */
export const MAX_FRAMES = 500;

/** Longest side of a source; the longest WebP and JPEG can have is below it. */
export const MAX_SIDE_PIXELS = 65_535;

/** Most bytes of one rendition. */
export const MAX_OUTPUT_BYTES = 32 * 1024 * 1024;

/** Time kept back from the function's own timeout, to say by name that the deadline has passed. */
export const RESERVED_MILLISECONDS = 500;
