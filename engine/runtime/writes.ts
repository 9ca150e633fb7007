/** From a decision to what the store writes: sealed entry, columns, search text, timers, links, outbox. */
import { namedOn } from '../core/access.js';
import type { Decision } from '../core/decision.js';
import { freshSalt, sealEntry } from '../core/entry.js';
import type { Program } from '../core/program.js';
import { sameTimers } from '../core/timers.js';
import type { AttachmentRow, CommentRow, LinkRow, RecordColumns, StepWrite } from '../store/types.js';
import type { Command, Json, RecordState, Timer } from '../types.js';

/** Characters of a record that search looks through. */
const SEARCH_LENGTH = 8_000;
const COLUMN_LENGTH = 500;
/** No state's path begins so. */
const SETTLED = '#settled';

export interface Written {
  readonly step: StepWrite;
  readonly state: RecordState;
}

export interface WriteContext {
  readonly program: Program;
  readonly command: Command;
  readonly before: RecordState | null;
  readonly reference: string;
  readonly timeZones: string;
  /** Timers as they were, or null when they are not known (then they are written). */
  readonly timersBefore: readonly Timer[] | null;
  readonly comment: CommentRow | null;
  readonly attachment: AttachmentRow | null;
  /** Links to records made in the same unit. */
  readonly childLinks: readonly LinkRow[];
}

/** Seals the decision's entry onto the record's chain and lays out its rows. */
export function toWrite(decision: Decision, context: WriteContext): Written {
  const { program, command, before } = context;
  const previousHash = before?.head ?? '0'.repeat(64);
  const sealed = sealEntry(decision, { command, reference: context.reference, timeZones: context.timeZones, previousHash, salt: freshSalt });
  const state: RecordState = { ...decision.record, head: sealed.hash };
  // Another version may look for other fields.
  const dataChanged = before === null || before.data !== state.data || before.definition !== state.definition;
  const columns = columnsOf(program, state);
  const timersChanged = context.timersBefore === null || !sameTimers(context.timersBefore, decision.timers);
  return {
    state,
    step: {
      record: state,
      expectedVersion: before?.version ?? 0,
      columns,
      same: sameAs(before, state, columns),
      paths: listedPaths(program, state),
      search: dataChanged ? searchText(program, state) : null,
      principals: dataChanged ? newlyNamed(program, before, state) : null,
      entry: {
        record: state.id,
        sequence: state.version,
        at: command.at,
        recordedAt: command.recordedAt,
        actor: command.actor.id,
        onBehalfOf: command.onBehalfOf ?? null,
        origin: command.origin,
        event: decision.entry.event,
        process: state.process,
        definition: state.definition,
        reference: context.reference,
        text: sealed.text,
        hash: sealed.hash,
        previousHash,
        values: sealed.values,
      },
      timers: timersChanged ? decision.timers : null,
      ...linkRows(decision, context, state.id),
      outbox: decision.effects.map((effect, index) => ({
        key: `${sealed.hash}:${index}`,
        record: state.id,
        sequence: state.version,
        effect,
        createdAt: command.recordedAt,
      })),
      comment: context.comment,
      attachment: context.attachment,
    },
  };
}

/** The columns of states that were decided here; most steps leave them as they are. */
const columnsKnown = new WeakMap<RecordState, RecordColumns>();

function sameAs(before: RecordState | null, state: RecordState, columns: RecordColumns): StepWrite['same'] {
  columnsKnown.set(state, columns);
  const was = before && columnsKnown.get(before);
  if (!was) return { shown: false, standing: false };
  const { due, ...shown } = columns;
  return {
    shown: (Object.keys(shown) as (keyof typeof shown)[]).every((name) => shown[name] === was[name]),
    standing: due === was.due && before.definition === state.definition && before.status === state.status && before.importing === state.importing,
  };
}

function linkRows(decision: Decision, context: WriteContext, from: string): { linksAdded: readonly LinkRow[]; linksRemoved: readonly LinkRow[] } {
  const { linksAdded, linksRemoved } = changedLinks(decision, { from, at: context.command.at });
  return { linksAdded: [...linksAdded, ...context.childLinks], linksRemoved };
}

/** Links that a step made and removed, but for those to records it made itself. */
export function changedLinks(
  { entry, linkChanges }: Pick<Decision, 'entry' | 'linkChanges'>,
  { from, at }: { readonly from: string; readonly at: number },
): Pick<StepWrite, 'linksAdded' | 'linksRemoved'> {
  const facts = entry.facts as Readonly<Record<string, { id: string } | null>>;
  const rows = linkChanges.map(({ name, to, remove }) => ({ remove: remove === true, row: { from, name, to: facts[`target:${to}`]?.id ?? to, at } }));
  return { linksAdded: rows.filter((each) => !each.remove).map(({ row }) => row), linksRemoved: rows.filter((each) => each.remove).map(({ row }) => row) };
}

/** Who is named on the record, or null while that is as it was: few steps change it. */
function newlyNamed({ process }: Program, before: RecordState | null, state: RecordState): readonly string[] | null {
  const named = namedOn(process, state);
  const same = before !== null && before.definition === state.definition && String(namedOn(process, before)) === String(named);
  return same ? null : named;
}

/** What stands beside a record's state, made of the state alone. */
export function besideState(
  program: Program,
  state: RecordState,
): Pick<StepWrite, 'columns' | 'paths'> & { readonly search: string; readonly principals: readonly string[] } {
  return {
    columns: columnsOf(program, state),
    paths: listedPaths(program, state),
    search: searchText(program, state),
    principals: namedOn(program.process, state),
  };
}

/** What lists find a record by: its active states, and `#settled` where a state is tagged so. */
export function listedPaths(program: Program, state: RecordState): readonly string[] {
  return isSettled(program, state) ? [...program.kernel.paths(state), SETTLED] : program.kernel.paths(state);
}

/** Finished, or in a state that its chart tags `settled`: nothing is left to be done, though it may still be taken up again. */
function isSettled(program: Program, state: RecordState): boolean {
  return state.status === 'done' || program.kernel.tags(state).has('settled');
}

/** The real columns a process maps its fields to; `due` falls back to the earliest running clock. */
export function columnsOf(program: Program, state: RecordState): RecordColumns {
  const { columns = {} } = program.process;
  const text = (column: keyof typeof columns): string | null => {
    const field = columns[column];
    const value = field === undefined ? undefined : state.data[field];
    return value === undefined || value === null ? null : String(value).slice(0, COLUMN_LENGTH);
  };
  return {
    title: text('title'),
    assignee: text('assignee'),
    team: text('team'),
    priority: text('priority'),
    requester: text('requester'),
    service: text('service'),
    due: isSettled(program, state) ? null : dueOf(text('due'), state),
  };
}

function dueOf(mapped: string | null, state: RecordState): number | null {
  const instants = Object.values(state.clocks).flatMap((clock) => (clock.dueAt === null ? [] : [clock.dueAt]));
  const own = mapped === null ? Number.NaN : Date.parse(mapped);
  const all = Number.isNaN(own) ? instants : [...instants, own];
  return all.length === 0 ? null : Math.min(...all);
}

/** Number and texts of all fields that are not confidential, each on its own line. The store folds it. */
function searchText(program: Program, state: RecordState): string {
  const open = Object.entries(state.data).filter(([field]) => program.fields.get(field)?.['x-charter']?.confidential !== true);
  return [state.number, ...open.flatMap(([, value]) => textsOf(value))].join('\n').slice(0, SEARCH_LENGTH);
}

function textsOf(value: Json): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'number') return [String(value)];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap((inner) => textsOf(inner as Json));
}
