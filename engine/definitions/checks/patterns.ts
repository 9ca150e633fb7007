/** Patterns of fields: they must be regular expressions, and answer in a bearable time for every text. */
import { backtracking } from '../patterns/backtracking.js';
import type { Report } from '../report.js';

/** Longest text a field takes when its schema does not say. */
const USUAL_LENGTH = 10_000;
/** Steps of backtracking that are borne: about a second. */
const MAX_STEPS = 1e8;

export function checkPattern(
  pattern: string,
  { maxLength, file, pointer, report }: { maxLength: number | undefined; file: string; pointer: string; report: Report },
): void {
  try {
    new RegExp(pattern, 'u');
  } catch (error) {
    report.add(
      'PATTERN_SYNTAX',
      { file, pointer },
      { reason: (error instanceof Error ? error.message : String(error)).replace(/^Invalid regular expression: /, '') },
    );
    return;
  }
  const found = backtracking(pattern);
  if (found.kind === 'exponential')
    report.add('PATTERN_BACKTRACKS', { file, pointer }, { reason: 'a repetition inside a repetition can take the same text in many ways' });
  else if (Math.min(maxLength ?? USUAL_LENGTH, USUAL_LENGTH) ** found.degree > MAX_STEPS) {
    report.add('PATTERN_BACKTRACKS', { file, pointer }, { reason: `${found.degree} unlimited repetitions can take the same text` });
  }
}
