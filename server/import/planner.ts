/** Decides which steps the difference between two rows of a case is. Pure: no engine, no time of its own. */
import type { Json, JsonObject } from '../../engine/index.js';
import { columnsOf } from './columnsUsed.js';
import type { Mapping } from './mapping.js';
import type { SendSpec, StepRule, When } from './mappingFile.js';
import { RowProblem } from './source.js';
import { actorOf, type Cells, dataOf, fieldValue, instantOf, type NamedActor, quoted } from './values.js';

/** One event to be sent, and the columns whose differences it carries. */
export interface PlannedStep {
  readonly type: string;
  readonly data: JsonObject;
  readonly covers: readonly string[];
}

export interface CreationPlan {
  readonly at: number;
  readonly actor: NamedActor;
  readonly data: JsonObject;
  /** The row as it stood once the record was made: what creation does not carry is unknown, the state is the one it begins in. */
  readonly before: Cells;
}

export interface RowPlan {
  readonly at: number;
  readonly actor: NamedActor;
  readonly steps: readonly PlannedStep[];
  /** What of the difference no step can carry. */
  readonly problems: readonly RowProblem[];
  /** True where the row says nothing new at all. */
  readonly same: boolean;
}

/** @throws RowProblem where the row can not make a record; the whole case stands or falls with it. */
export function planCreation(mapping: Mapping, first: Cells): CreationPlan {
  const { create, state } = mapping.file;
  const carried = new Set(Object.values(create.data).flatMap(columnsOf));
  const before: Record<string, string> = Object.assign(Object.create(null), first);
  for (const column of mapping.tracked) if (!carried.has(column)) before[column] = '';
  before[state.column] = create.state;
  return { at: instantOf(mapping, create.at, first), actor: actorOf(mapping, create.actor, first), data: dataOf(mapping, create.data, first), before };
}

/**
 * The steps from one row to the next. `before` is what the record really took over so far, so that what one row could
 * not bring about is tried again with the next.
 * @throws RowProblem where the row as a whole can not be read.
 */
export function planRow(mapping: Mapping, before: Cells, after: { readonly cells: Cells; readonly first: boolean }): RowPlan {
  const { cells } = after;
  const differing = new Set(mapping.tracked.filter((column) => differs(mapping, column, { before, cells })));
  const label = cells[mapping.file.state.column] ?? '';
  const plan = { at: instantOf(mapping, mapping.file.at, cells), actor: actorOf(mapping, mapping.file.actor, cells), same: differing.size === 0 };
  const steps: PlannedStep[] = [];
  const problems: RowProblem[] = [];
  if (!Object.hasOwn(mapping.file.state.labels, label)) {
    differing.delete(mapping.file.state.column);
    problems.push(new RowProblem('state-unknown', `${mapping.file.state.column} is ${quoted(label)}, which the mapping does not know`));
  }
  const open = new Set(differing);
  const facts: Facts = { mapping, before, cells, open, same: plan.same, first: after.first };
  for (const group of mapping.file.steps) {
    const rule = group.rules.find((candidate) => holds(candidate.when ?? {}, facts));
    try {
      if (rule !== undefined) steps.push(...stepsOf(rule, facts));
    } catch (error) {
      if (!(error instanceof RowProblem)) throw error;
      problems.push(error);
      for (const column of coveredBy(rule, facts)) open.delete(column);
    }
  }
  problems.push(...[...open].map((column) => uncovered(facts, column)));
  return { ...plan, steps, problems };
}

interface Facts {
  readonly mapping: Mapping;
  readonly before: Cells;
  readonly cells: Cells;
  /** Columns that differ and that no step of this row carries yet. */
  readonly open: Set<string>;
  readonly same: boolean;
  readonly first: boolean;
}

/** Columns are compared as written, save that all markers of the unknown are one. */
function differs(mapping: Mapping, column: string, rows: { readonly before: Cells; readonly cells: Cells }): boolean {
  const was = rows.before[column] ?? '';
  const is = rows.cells[column] ?? '';
  return was !== is && !(mapping.isUnknown(was) && mapping.isUnknown(is));
}

function holds(when: When, facts: Facts): boolean {
  const { mapping, before, cells, open } = facts;
  const column = mapping.file.state.column;
  const isKnown = (name: string): boolean => !mapping.isUnknown(cells[name] ?? '');
  return (
    (when.from === undefined || when.from.includes(before[column] ?? '')) &&
    (when.to === undefined || when.to.includes(cells[column] ?? '')) &&
    (when.moved === undefined || when.moved === open.has(column)) &&
    (when.changed === undefined || when.changed.some((name) => open.has(name))) &&
    (when.unchanged === undefined || !when.unchanged.some((name) => open.has(name))) &&
    (when.known === undefined || when.known.every(isKnown)) &&
    (when.unknown === undefined || !when.unknown.some(isKnown)) &&
    (when.same === undefined || when.same === facts.same) &&
    (when.first === undefined || when.first === facts.first)
  );
}

function stepsOf(rule: StepRule, facts: Facts): PlannedStep[] {
  return rule.send.map((send, index) => {
    const data = sentData(send, facts);
    const covers = new Set(Object.values({ ...send.data, ...send.changed }).flatMap(columnsOf));
    if (rule.moves === true && index === rule.send.length - 1) covers.add(facts.mapping.file.state.column);
    for (const column of covers) facts.open.delete(column);
    return { type: send.event, data, covers: [...covers] };
  });
}

function sentData(send: SendSpec, facts: Facts): JsonObject {
  const { mapping, cells, open } = facts;
  const data: Record<string, Json> = { ...dataOf(mapping, send.data ?? {}, cells) };
  for (const [field, spec] of Object.entries(send.changed ?? {})) {
    if (columnsOf(spec).some((column) => open.has(column))) data[field] = fieldValue(mapping, spec, cells) ?? null;
  }
  return data;
}

function coveredBy(rule: StepRule | undefined, facts: Facts): string[] {
  if (rule === undefined) return [];
  const columns = rule.send.flatMap((send) => Object.values({ ...send.data, ...send.changed }).flatMap(columnsOf));
  return rule.moves === true ? [...columns, facts.mapping.file.state.column] : columns;
}

function uncovered(facts: Facts, column: string): RowProblem {
  const was = facts.before[column] ?? '';
  const is = facts.cells[column] ?? '';
  const change = `${was === '' ? 'unknown' : was} > ${is === '' ? 'unknown' : is}`;
  if (column === facts.mapping.file.state.column)
    return new RowProblem(`no-rule: ${change}`, `no rule of the mapping leads from ${quoted(was)} to ${quoted(is)}`);
  return new RowProblem(`no-rule: ${column}`, `no rule of the mapping carries the change of ${column} from ${quoted(was)} to ${quoted(is)}`);
}
