/** Every check of a process, in the order in which they look. */
import type { Check } from './check.js';

export const checks: readonly Check[] = [];
