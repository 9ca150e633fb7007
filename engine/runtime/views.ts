/** Records, clocks and history as a reader may see them. */
import { withheldColumns } from '../core/access.js';
import { elapsed } from '../core/clocks.js';
import type { Program } from '../core/program.js';
import type { ClockView, HistoryView, RecordView } from '../engine.js';
import type { RuleEnvironment } from '../rules/index.js';
import type { StoredEntry } from '../store/types.js';
import type { Actor, ClockState, Json, JsonObject, RecordState } from '../types.js';
import { columnsOf } from './writes.js';

export interface ViewContext {
  readonly program: Program;
  readonly environment: RuleEnvironment;
  /** Fields the reader may not see. */
  readonly withheld: ReadonlySet<string>;
  readonly now: number;
}

/** The record as the actor may see it; confidential fields are named in `withheld` and left out. */
export function recordView(state: RecordState, { program, environment, withheld: hidden, now }: ViewContext): RecordView {
  // A record under import is looked at as of its last row: years of business time up to now would mean nothing yet.
  const at = state.status === 'done' || state.importing ? state.updatedAt : now;
  const columns = columnsOf(program, state);
  return {
    id: state.id,
    number: state.number,
    process: state.process,
    state: state.value,
    paths: program.kernel.paths(state),
    status: state.status,
    version: state.version,
    definitionVersion: state.definition,
    data: without(state.data, hidden),
    withheld: [...hidden].filter((field) => Object.hasOwn(state.data, field)),
    clocks: Object.fromEntries(
      Object.entries(state.clocks).map(([name, clock]) => [name, clockView(clock, program.process.clocks?.[name]?.title ?? name, { at, environment })]),
    ),
    approvals: state.approvals,
    columns: { ...columns, ...Object.fromEntries([...withheldColumns(program.process, hidden)].map((column) => [column, null])) },
    createdAt: state.createdAt,
    createdBy: state.createdBy,
    updatedAt: state.updatedAt,
    output: state.output,
  };
}

function clockView(clock: ClockState, title: string, { at, environment }: { at: number; environment: RuleEnvironment }): ClockView {
  const spent = elapsed(clock, at, environment);
  return {
    title,
    status: clock.status,
    elapsed: spent,
    remaining: clock.target === null ? null : clock.target - spent,
    target: clock.target,
    dueAt: clock.dueAt,
    calendar: clock.calendar,
    breached: clock.breachedAt !== null || (clock.target !== null && spent > clock.target),
    reason: clock.reason ?? null,
    cycle: clock.cycle,
  };
}

/** An entry's text and values read back, without what the actor may not see. */
export function historyView(
  stored: StoredEntry,
  { program, withheld: hidden, actorName }: { program: Program; withheld: ReadonlySet<string>; actorName: (id: string) => string },
): HistoryView {
  const entry = openEntry(stored);
  return {
    record: stored.record,
    sequence: stored.sequence,
    at: stored.at,
    recordedAt: stored.recordedAt,
    actor: stored.actor,
    actorName: actorName(stored.actor),
    onBehalfOf: stored.onBehalfOf,
    origin: stored.origin,
    event: stored.event,
    title: titleOf(program, stored.event),
    data: without(entry.data, hidden),
    from: entry.text.from,
    to: entry.text.to,
    changes: without(entry.changes, hidden) as HistoryView['changes'],
    marks: entry.text.marks,
    effects: entry.text.effects.map((effect) => ({ type: effect.type, name: effect.name })),
    definition: stored.definition,
    reference: stored.reference,
    hash: stored.hash,
    previousHash: stored.previousHash,
    erased: entry.erased,
  };
}

/** The text of an entry, as `sealEntry` wrote it. */
export interface EntryText {
  readonly actor: Actor;
  readonly at: number;
  readonly behalf: string | null;
  readonly changes: JsonObject;
  readonly data: JsonObject;
  readonly definition: string;
  readonly effects: readonly { readonly commitment: string; readonly name: string; readonly type: string }[];
  readonly engine: string;
  readonly event: string;
  readonly facts: JsonObject;
  readonly from: HistoryView['from'];
  readonly internal: boolean;
  readonly marks: HistoryView['marks'];
  readonly number: string;
  readonly origin: HistoryView['origin'];
  readonly previous: string;
  readonly process: string;
  readonly record: string;
  readonly recordedAt: number;
  readonly reference: string;
  readonly sequence: number;
  readonly status: 'active' | 'done';
  readonly taken: readonly (readonly [string, string, readonly string[]])[];
  readonly timer: string | null;
  readonly to: HistoryView['to'];
  readonly trail: readonly string[];
  readonly type: string;
  readonly zones: string;
}

export interface OpenedEntry {
  readonly text: EntryText;
  readonly values: Readonly<Record<string, readonly [string, Json]>>;
  readonly data: JsonObject;
  readonly changes: JsonObject;
  readonly facts: JsonObject;
  /** Paths whose value was erased. */
  readonly erased: readonly string[];
}

/** Reads an entry back, putting values in the place of their commitments. */
export function openEntry(stored: StoredEntry): OpenedEntry {
  const text = JSON.parse(stored.text) as EntryText;
  const values = JSON.parse(stored.values || '{}') as OpenedEntry['values'];
  const erased: string[] = [];
  const open = (prefix: string, committed: JsonObject): JsonObject =>
    Object.fromEntries(
      Object.keys(committed).flatMap((key): [string, Json][] => {
        const value = Object.hasOwn(values, `${prefix}.${key}`) ? values[`${prefix}.${key}`] : undefined;
        if (value === undefined) erased.push(`${prefix}.${key}`);
        return value === undefined ? [] : [[key, value[1]]];
      }),
    );
  return { text, values, data: open('d', text.data), changes: open('c', text.changes), facts: open('f', text.facts), erased };
}

function titleOf(program: Program, event: string): string {
  const known: Record<string, string> = {
    'record.created': 'Created',
    'record.comment': 'Comment',
    'record.attachment': 'Attachment',
    'record.link': 'Linked',
    'record.unlink': 'Link removed',
    'record.retimed': 'Deadlines computed anew',
    imported: 'Import finished',
    erased: 'Personal data erased',
    migrated: 'Moved to another definition version',
  };
  return known[event] ?? program.eventTitle(event);
}

function without(source: JsonObject, hidden: ReadonlySet<string>): JsonObject {
  if (hidden.size === 0) return source;
  return Object.fromEntries(Object.entries(source).filter(([field]) => !hidden.has(field)));
}
