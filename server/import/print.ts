/** The account and the comparison as people read them. */
import type { AccountFigures, Kind } from './account.js';
import type { ComparedFigure, Comparison } from './comparison.js';

export function printAccount(figures: AccountFigures, run: { readonly dryRun: boolean; readonly seconds: number }): string {
  const rate = run.seconds > 0 ? Math.round(figures.rowsRead / run.seconds) : 0;
  const lines = [
    run.dryRun ? 'Dry run: nothing was written. A run would come to this:' : 'Import finished.',
    '',
    pair('rows read', figures.rowsRead),
    pair('  applied', figures.rowsApplied),
    pair('  unchanged', figures.unchanged),
    pair('  refused', figures.rowsRefused),
    pair('cases', figures.cases),
    `${pair('  whole', figures.whole)}${figures.cases > 0 ? ` (${percent(figures.whole, figures.cases)})` : ''}`,
    pair('records made', figures.records),
    pair('steps taken', figures.steps),
    `${pair('seconds', Math.round(run.seconds))} (${rate} rows/s)`,
  ];
  return [...lines, ...kinds('Refused', figures.refused), ...kinds('Taken with an adjustment', figures.adjusted), ''].join('\n');
}

export function printComparison(comparison: Comparison): string {
  const differing = comparison.figures.filter((figure) => !figure.same);
  const width = Math.max(...comparison.figures.map((figure) => figure.figure.length), 6);
  const lines = [
    'Charter beside the expected figures',
    '',
    `  ${'figure'.padEnd(width)}  ${'expected'.padStart(18)}  ${'Charter'.padStart(18)}`,
    ...comparison.figures.map((figure) => row(figure, width)),
    '',
    `${comparison.figures.length - differing.length} of ${comparison.figures.length} figures are the same.`,
    ...reasons(differing),
    '',
    `Case by case: ${comparison.cases.same} of ${comparison.cases.compared} are the same in every respect that is compared.`,
    ...comparison.cases.differences.flatMap(({ kind, count, examples }) => [`  ${kind}: ${count}`, ...examples.map((example) => `    ${example}`)]),
  ];
  return [...lines, ''].join('\n');
}

function row(figure: ComparedFigure, width: number): string {
  return `${figure.same ? ' ' : '≠'} ${figure.figure.padEnd(width)}  ${String(figure.expected).padStart(18)}  ${String(figure.charter).padStart(18)}`;
}

function reasons(differing: readonly ComparedFigure[]): string[] {
  const named = [...new Set(differing.flatMap((figure) => (figure.reason === undefined ? [] : [`  ${figure.figure.split(' / ')[0]}: ${figure.reason}`])))];
  return named.length === 0 ? [] : ['', 'Why some differ:', ...named];
}

function kinds(title: string, list: readonly Kind[]): string[] {
  return list.length === 0
    ? []
    : ['', `${title}:`, ...list.flatMap(({ kind, count, example }) => [`  ${String(count).padStart(7)}  ${kind}`, `           e.g. ${example}`])];
}

function pair(name: string, value: number): string {
  return `${name.padEnd(14)} ${String(value).padStart(9)}`;
}

function percent(part: number, whole: number): string {
  return `${((100 * part) / whole).toFixed(3)} %`;
}
