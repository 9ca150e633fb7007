/** Measuring the engine against the raw driver. */
export { type BenchOptions, type BenchRow, measureEngine } from './measure.js';
