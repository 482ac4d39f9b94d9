/** The middle value: one slow round does not move it. */
export const median = (values: readonly number[]): number => percentile(values, 0.5);

/** The mean of ratios: twice as fast and twice as slow cancel out. */
export function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

/** The value that a part of all, from 0 to below 1, lie under. */
export function percentile(values: readonly number[], part: number): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length * part)] ?? Number.NaN;
}
