/** Checks decision tables and lists: cells of the right kind, no gap, no row that is never reached. */
import type { Json, JsonObject, ListFile, TableFile } from '../definitions/authored.js';
import { problem, shown, within } from './problems.js';
import { cellFits } from './tables.js';
import type { RuleProblem } from './types.js';

/** Combinations of values looked at; a larger table is not searched for gaps and unreached rows. */
const combinationLimit = 20_000;

type Column = TableFile['inputs'][number];

/** What is wrong with a decision table; pointers are relative to the file. */
export function checkTable(table: TableFile): readonly RuleProblem[] {
  const problems: RuleProblem[] = [];
  for (const [index, row] of table.rows.entries()) {
    const pointer = `/rows/${index}`;
    if (row.when.length !== table.inputs.length)
      problems.push(problem('TABLE_ROW_LENGTH', `${pointer}/when`, `The row has ${row.when.length} cells for ${table.inputs.length} inputs.`));
    else for (const [at, cell] of row.when.entries()) checkCell(cell, table.inputs[at] as Column, { pointer: `${pointer}/when/${at}`, problems });
    if (!isOfType(row.then, table.output.type)) problems.push(problem('TABLE_OUTPUT', `${pointer}/then`, `${shown(row.then)} is not a ${table.output.type}.`));
  }
  if (table.default !== undefined && !isOfType(table.default, table.output.type))
    problems.push(problem('TABLE_OUTPUT', '/default', `${shown(table.default)} is not a ${table.output.type}.`));
  if (problems.length === 0) checkCoverage(table, problems);
  return problems;
}

/** What is wrong with a list; pointers are relative to the file. */
export function checkList(list: ListFile): readonly RuleProblem[] {
  const seen = new Set<string>();
  return list.entries.flatMap((entry, index) => {
    if (seen.has(entry.id)) return [problem('LIST_DUPLICATE', `/entries/${index}/id`, `The id "${entry.id}" is used twice.`)];
    seen.add(entry.id);
    return [];
  });
}

function checkCell(cell: Json, column: Column, { pointer, problems }: { pointer: string; problems: RuleProblem[] }): void {
  if (cell === null) return;
  if (typeof cell === 'object' && !Array.isArray(cell)) {
    const { min, max, ...others } = cell as JsonObject;
    const bounds = [min, max].filter((bound) => bound !== undefined);
    const sound = column.type === 'number' && bounds.length > 0 && bounds.every((bound) => typeof bound === 'number') && Object.keys(others).length === 0;
    if (!sound || (typeof min === 'number' && typeof max === 'number' && min > max))
      problems.push(problem('TABLE_CELL', pointer, `${shown(cell)} is not a range of numbers for "${column.name}".`));
    return;
  }
  for (const [index, value] of (Array.isArray(cell) ? (cell as readonly Json[]) : [cell]).entries()) {
    const at = Array.isArray(cell) ? within(pointer, index) : pointer;
    if (!isOfType(value, column.type) || value === null)
      problems.push(problem('TABLE_CELL', at, `${shown(value)} is not a ${column.type}, as "${column.name}" is.`));
    else if (column.values !== undefined && !column.values.includes(value))
      problems.push(problem('TABLE_VALUE_UNKNOWN', at, `${shown(value)} is none of the values of "${column.name}".`));
  }
}

/** A value to try, and whether a gap there counts: beyond the ends of numbers and for texts not mentioned nothing is promised. */
interface Trial {
  readonly value: Json;
  readonly counts: boolean;
}

function checkCoverage(table: TableFile, problems: RuleProblem[]): void {
  const trials = table.inputs.map((column, index) =>
    trialsOf(
      column,
      table.rows.map((row) => row.when[index] ?? null),
    ),
  );
  if (trials.reduce((product, one) => product * one.length, 1) > combinationLimit) return;
  const reached = new Set<number>();
  let gap: readonly Json[] | null = null;
  for (const combination of combinations(trials)) {
    const row = table.rows.findIndex(({ when }) => when.every((cell, index) => cellFits(cell, combination[index]?.value ?? null)));
    if (row >= 0) reached.add(row);
    else if (gap === null && combination.every((one) => one.counts)) gap = combination.map((one) => one.value);
  }
  if (gap !== null && table.default === undefined)
    problems.push(
      problem('TABLE_GAP', '/rows', `No row fits ${table.inputs.map((column, index) => `${column.name} = ${shown(gap?.[index] ?? null)}`).join(', ')}.`),
    );
  for (const index of table.rows.keys()) {
    if (!reached.has(index)) problems.push(problem('TABLE_ROW_UNREACHED', `/rows/${index}`, `Rows above take every case of row ${index + 1}.`));
  }
}

function trialsOf(column: Column, cells: readonly Json[]): readonly Trial[] {
  const sure = (values: readonly Json[]): readonly Trial[] => values.map((value) => ({ value, counts: true }));
  if (column.values !== undefined) return sure(column.values);
  if (column.type === 'boolean') return sure([true, false]);
  const mentioned = [...new Set(cells.flatMap(valuesOf))];
  if (column.type === 'string') return [...sure(mentioned), { value: '\u0000any other', counts: mentioned.length === 0 }];
  return numbersAround(mentioned.filter((value): value is number => typeof value === 'number'));
}

/** Every bound, a number between each two, and one beyond either end. */
function numbersAround(bounds: readonly number[]): readonly Trial[] {
  const sorted = [...bounds].sort((a, b) => a - b);
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (first === undefined || last === undefined) return [{ value: 0, counts: true }];
  const whole = sorted.every(Number.isInteger);
  const trials: Trial[] = [{ value: first - 1, counts: false }];
  for (const [index, bound] of sorted.entries()) {
    const next = sorted[index + 1];
    trials.push({ value: bound, counts: true });
    // Between two neighbouring whole numbers lies nothing when the column counts.
    if (next !== undefined && !(whole && next - bound === 1)) trials.push({ value: whole ? Math.floor((bound + next) / 2) : (bound + next) / 2, counts: true });
  }
  return [...trials, { value: last + 1, counts: false }];
}

function valuesOf(cell: Json): readonly Json[] {
  if (cell === null) return [];
  if (Array.isArray(cell)) return cell as readonly Json[];
  return typeof cell === 'object' ? (Object.values(cell) as readonly Json[]) : [cell];
}

function* combinations(trials: readonly (readonly Trial[])[]): Generator<readonly Trial[]> {
  const [first, ...others] = trials;
  if (first === undefined) return void (yield []);
  for (const trial of first) for (const rest of combinations(others)) yield [trial, ...rest];
}

function isOfType(value: Json, type: string): boolean {
  if (value === null) return true;
  return type === 'object' ? typeof value === 'object' && !Array.isArray(value) : typeof value === type;
}
