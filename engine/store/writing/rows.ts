/** Turns a unit into rows of the write statement (`dialect/sqliteWrite.ts`). */
import { EngineError } from '../../errors.js';
import type { Effect, RecordState, Timer } from '../../types.js';
import { cellColumns, rowWidth } from '../dialect/sqliteWrite.js';
import { fold } from '../reading/fold.js';
import type { LinkRow, OutboxRow, RecordColumns, StepWrite, WriteUnit } from '../types.js';

type Cells = { readonly [column in (typeof cellColumns)[number]]: unknown };
/** `[kind, …]`, by place as `dialect/sqliteWriteMore.ts` reads it. */
export type More = readonly unknown[];

/** `INC-12` and `INC-000012` name the same record, and numbers sort by value. */
export function numberKey(number: string): string {
  const parts = /^(.*?)-?0*(\d+)$/.exec(number);
  return parts ? `${(parts[1] ?? '').toUpperCase()}-${(parts[2] ?? '').padStart(12, '0')}` : number.toUpperCase();
}

/** `|active|active.working|`: a configuration as one text. */
export const pathsText = (paths: readonly string[]): string => `|${[...paths].sort().join('|')}|`;

/** Effects to the same target of the same record keep their order. */
export function targetOf(effect: Effect): string {
  return effect.type === 'webhook' ? `webhook:${effect.target}` : effect.type;
}

/** A row that writes nothing, to fill a statement up. */
export const emptyRow: readonly string[] = Array(rowWidth).fill('');

/** The parameters of the unit's rows, one row after another. `known`: configurations that need not be stored again. Throws INTERNAL for steps that contradict themselves. */
export function rowsOf(unit: WriteUnit, now: number, known: ReadonlySet<string>): string[] {
  const before = beforeSteps(unit, now);
  const links = unit.steps.flatMap(({ linksAdded, linksRemoved }) => [...linksAdded.map(linked), ...linksRemoved.map(unlinked)]);
  if (unit.steps.length === 0) {
    return [cellsText({ before }), '', '', '', ''];
  }
  return unit.steps.flatMap((step, place) => {
    const after = afterStep(step, known);
    // Links come when all records of the unit exist.
    const cells = stepCells(step, place === 0 ? before : [], place === unit.steps.length - 1 ? [...after, ...links] : after);
    return [cellsText(cells), JSON.stringify(step.record), step.entry.text, step.entry.values, step.search ?? ''];
  });
}

const cellsText = (cells: Partial<Cells>): string => JSON.stringify(cellColumns.map((column) => cells[column] ?? null));

export function beforeSteps({ check, deliveredOutbox, idempotency, steps, words }: WriteUnit, now: number): More[] {
  const first = steps[0]?.record.id ?? null;
  const rows: More[] = (check ?? []).map(({ record, version }) => ['check', record, version]);
  if (deliveredOutbox !== undefined) {
    rows.push(['delivered', deliveredOutbox, first ?? '', now]);
  }
  if (idempotency) {
    rows.push(['idempotency', idempotency.scope, first, idempotency.bodyHash, idempotency.answer, idempotency.expiresAt, now]);
  }
  for (const { record, version, text } of words ?? []) {
    rows.push(['words', record, version, text]);
  }
  return rows;
}

function stepCells(step: StepWrite, before: readonly More[], after: readonly More[]): Partial<Cells> {
  assertCoherent(step);
  const { record, entry } = step;
  return {
    ...(step.same.shown ? {} : shownCells(step.columns)),
    ...(step.same.standing ? {} : standingCells(step)),
    ...(step.expectedVersion === 0 ? creationCells(record) : {}),
    expected: step.expectedVersion,
    id: record.id,
    version: record.version,
    head: record.head,
    previous: entry.previousHash,
    updated_at: record.updatedAt,
    paths: pathsText(step.paths),
    definition: record.definition,
    importing: record.importing ? 1 : 0,
    process: record.process,
    at: entry.at,
    recorded_at: entry.recordedAt,
    actor: entry.actor,
    on_behalf_of: entry.onBehalfOf,
    origin: entry.origin,
    event: entry.event,
    reference: entry.reference,
    timers: step.timers?.map(timerCells) ?? null,
    outbox: orNull(step.outbox.map(outboxCells)),
    before: orNull(before),
    after: orNull(after),
  };
}

function shownCells({ due: _, ...columns }: RecordColumns): Partial<Cells> {
  return { shown: 1, ...columns, title_key: columns.title === null ? null : fold(columns.title) };
}

function standingCells({ record, columns }: StepWrite): Partial<Cells> {
  return { standing: 1, status: record.status, due: columns.due };
}

function creationCells({ number, createdAt }: RecordState): Partial<Cells> {
  return { number, number_key: numberKey(number), created_at: createdAt };
}

export function afterStep({ record, paths, principals, comment, attachment }: StepWrite, known: ReadonlySet<string>): More[] {
  const rows: More[] = [];
  const configuration = pathsText(paths);
  if (!known.has(configuration)) {
    rows.push(['configuration', configuration, paths]);
  }
  if (principals) {
    rows.push(['principals', record.id, record.createdAt, principals]);
  }
  if (comment) {
    const { id, record: of, sequence, author, at, internal, text } = comment;
    rows.push(['comment', id, of, sequence, author, at, internal ? 1 : 0, text]);
  }
  if (attachment) {
    const { id, record: of, sequence, author, at, name, type, size, sha256 } = attachment;
    rows.push(['attachment', id, of, sequence, author, at, name, type, size, sha256]);
  }
  return rows;
}

const orNull = <T>(list: readonly T[]): readonly T[] | null => (list.length === 0 ? null : list);
const timerCells = (timer: Timer): unknown[] => [timer.key, timer.kind, timer.event, timer.data ?? null, timer.dueAt];
const outboxCells = (row: OutboxRow): unknown[] => [row.key, row.record, row.sequence, targetOf(row.effect), row.createdAt, row.effect];
export const linked = (link: LinkRow): More => ['link', link.from, link.name, link.to, link.at];
export const unlinked = (link: LinkRow): More => ['unlink', link.from, link.name, link.to];

export function assertCoherent({ record, entry, expectedVersion }: StepWrite): void {
  const faults = [
    record.version !== expectedVersion + 1 && 'version is not one more than expected',
    entry.sequence !== record.version && 'entry.sequence is not the version',
    entry.record !== record.id && 'entry is of another record',
    entry.hash !== record.head && 'head is not the hash of the entry',
    (entry.process !== record.process || entry.definition !== record.definition) && 'entry is of another process or definition',
  ].filter((fault) => fault !== false);
  if (faults.length > 0) {
    throw new EngineError('INTERNAL', { part: 'store', record: record.id, reason: faults.join('; ') });
  }
}
