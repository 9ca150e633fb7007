/** Turns a unit into the rows of the write statement: `[kind, …]` lists as JSON text, small values first. `dialect/sqliteWrite.ts` reads them by place. */
import { EngineError } from '../../errors.js';
import type { Effect, RecordState, Timer } from '../../types.js';
import { fold, searchText } from '../reading/fold.js';
import type { OutboxRow, StepWrite, WriteUnit } from '../types.js';

type Cell = unknown;

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

/** The rows of one unit joined by commas. `known`: configurations that need not be stored again. Throws INTERNAL for steps that contradict themselves. */
export function rowsOf(unit: WriteUnit, now: number, known: ReadonlySet<string>): string {
  const rows: Cell[][] = [];
  const first = unit.steps[0]?.record.id ?? null;
  for (const { record, version } of unit.check ?? []) {
    rows.push(['check', record, version]);
  }
  if (unit.deliveredOutbox !== undefined) {
    rows.push(['delivered', unit.deliveredOutbox, first ?? '', now]);
  }
  if (unit.idempotency) {
    const { scope, bodyHash, answer, expiresAt } = unit.idempotency;
    rows.push(['idempotency', scope, first, bodyHash, answer, expiresAt, now]);
  }
  for (const step of unit.steps) {
    pushStep(rows, step, known);
  }
  for (const step of unit.steps) {
    // After all records of the unit exist.
    step.linksAdded.forEach((link) => void rows.push(['link', link.from, link.name, link.to, link.at]));
    step.linksRemoved.forEach((link) => void rows.push(['unlink', link.from, link.name, link.to]));
  }
  return rows.map((row) => JSON.stringify(row)).join(',');
}

function pushStep(rows: Cell[][], step: StepWrite, known: ReadonlySet<string>): void {
  assertCoherent(step);
  const { record, columns: of, entry } = step;
  const paths = pathsText(step.paths);
  if (!known.has(paths)) {
    rows.push(['configuration', paths, step.paths]);
  }
  rows.push([
    step.expectedVersion === 0 ? 'create' : 'update', record.id, step.expectedVersion, record.version, record.head, entry.previousHash, record.updatedAt, paths,
    record.definition, record.status, record.importing ? 1 : 0, of.due, of.title, of.title === null ? null : fold(of.title), of.assignee, of.team, of.priority,
    of.requester, of.service, record.number, numberKey(record.number), record.process, record.createdAt, record,
  ]);
  rows.push([
    'entry', entry.record, entry.sequence, entry.at, entry.recordedAt, entry.actor, entry.onBehalfOf, entry.origin, entry.event, entry.process, entry.definition,
    entry.reference, entry.hash, entry.previousHash, entry.text, entry.values,
  ]);
  if (step.timers) {
    rows.push(['timers', record.id, record.importing ? 1 : 0, step.timers.map(timerCells)]);
  }
  step.outbox.forEach((row) => void rows.push(outboxCells(row)));
  pushContent(rows, step, record);
}

function pushContent(rows: Cell[][], step: StepWrite, record: RecordState): void {
  if (step.search !== null) {
    rows.push(['search', record.id, searchText(record.number, step.search)]);
  }
  if (step.principals) {
    rows.push(['principals', record.id, record.createdAt, step.principals]);
  }
  if (step.comment) {
    const { id, record: of, sequence, author, at, internal, text } = step.comment;
    rows.push(['comment', id, of, sequence, author, at, internal ? 1 : 0, text]);
  }
  if (step.attachment) {
    const { id, record: of, sequence, author, at, name, type, size, sha256 } = step.attachment;
    rows.push(['attachment', id, of, sequence, author, at, name, type, size, sha256]);
  }
}

const timerCells = (timer: Timer): Cell[] => [timer.key, timer.kind, timer.event, timer.data ?? null, timer.dueAt];

const outboxCells = (row: OutboxRow): Cell[] => ['outbox', row.key, row.record, row.sequence, targetOf(row.effect), row.createdAt, row.effect];

function assertCoherent({ record, entry, expectedVersion }: StepWrite): void {
  const faults = [
    record.version !== expectedVersion + 1 && 'version is not one more than expected',
    entry.sequence !== record.version && 'entry.sequence is not the version',
    entry.record !== record.id && 'entry is of another record',
    entry.hash !== record.head && 'head is not the hash of the entry',
  ].filter((fault) => fault !== false);
  if (faults.length > 0) {
    throw new EngineError('INTERNAL', { part: 'store', record: record.id, reason: faults.join('; ') });
  }
}
