/** What the engine's verbs share: store, definitions, people, the one door, and how to read a record with its rights. */
import type { Clock } from '../clock.js';
import { mayRead, withheldFields } from '../core/access.js';
import type { Program } from '../core/program.js';
import type { RecordView, StepResult } from '../engine.js';
import { EngineError } from '../errors.js';
import type { RecordRow, Store } from '../store/types.js';
import type { Actor, RecordState } from '../types.js';
import type { DefinitionLibrary } from './definitionLibrary.js';
import type { Directory } from './directory.js';
import type { Latest } from './latest.js';
import { isId } from './lookups.js';
import type { Publishing } from './publishing.js';
import type { Committed, Steps } from './steps.js';
import { recordView } from './views.js';

export interface EngineContext {
  readonly store: Store;
  readonly clock: Clock;
  readonly library: DefinitionLibrary;
  readonly directory: Directory;
  readonly publishing: Publishing;
  readonly latest: Latest;
  readonly steps: Steps;
  readonly attachmentsDir: string;
  readonly timeZones: string;
}

/** Longest identifier or number that is looked up. */
const IDENTIFIER_LENGTH = 64;

/** Finds a record by id or number. @throws QUERY_INVALID, RECORD_NOT_FOUND */
export async function findRecord({ store }: EngineContext, idOrNumber: string): Promise<RecordRow> {
  if (idOrNumber.length > IDENTIFIER_LENGTH || !/^[A-Za-z0-9_-]+$/.test(idOrNumber))
    throw new EngineError('QUERY_INVALID', { parameter: 'record', reason: 'this is neither an id nor a number' });
  const row = isId(idOrNumber) ? await store.records.byId(idOrNumber) : await store.records.byNumber(idOrNumber.toUpperCase());
  if (!row) throw new EngineError('RECORD_NOT_FOUND', { record: idOrNumber });
  return row;
}

/** Finds a record the actor may read; one he may not read does not exist for him. */
export async function readableRecord(
  context: EngineContext,
  idOrNumber: string,
  actor: Actor,
): Promise<{ readonly row: RecordRow; readonly program: Program }> {
  const row = await findRecord(context, idOrNumber);
  const program = await context.library.load(row.record.definition);
  if (!mayRead(currentProcess(context, program), actor, row.record)) throw new EngineError('RECORD_NOT_FOUND', { record: idOrNumber });
  return { row, program };
}

/** Reading rights follow the process as it is now, not as it was when the record began. */
export function currentProcess({ library }: EngineContext, program: Program): Program['process'] {
  return library.has(program.key) ? library.current(program.key).process : program.process;
}

/** Fields the actor may not see: those his record's version withholds, and those the process withholds now. */
export function withheldFrom({ library }: EngineContext, program: Program, actor: Actor): ReadonlySet<string> {
  const now = library.has(program.key) ? library.current(program.key) : program;
  return new Set([...withheldFields(program.fields, actor), ...withheldFields(now.fields, actor)]);
}

export function viewFor(context: EngineContext, state: RecordState, { program, actor }: { program: Program; actor: Actor }): RecordView {
  return recordView(state, {
    program,
    environment: context.library.environment(program),
    withheld: withheldFrom(context, program, actor),
    now: context.clock.now(),
  });
}

export function resultOf(context: EngineContext, committed: Committed, actor: Actor): StepResult {
  const { state, decision, program } = committed;
  return {
    record: viewFor(context, state, { program, actor }),
    entry: { sequence: state.version, hash: state.head, at: state.updatedAt, event: decision.entry.event },
    created: committed.created,
    replayed: false,
  };
}
