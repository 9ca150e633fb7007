/** Whether a record stands where its history ends, and is what its history says. */
import type { VerifyProblem } from '../engine.js';
import type { EngineContext } from '../runtime/context.js';
import { columnsOf, listedPaths } from '../runtime/writes.js';
import { fold, numberKey } from '../store/index.js';
import type { HeadRow, RecordColumns } from '../store/types.js';
import type { RecordState } from '../types.js';
import { filedProblems, filedRows, fileProblems } from './filed.js';
import { contradiction } from './fold.js';
import { differenceOf } from './replay.js';
import { unexplainedLosses, type Walk } from './walk.js';

/** All that is wrong with the record at the end of its walk. `latest`: its version when the rows beside it were read. */
export async function standingProblems(
  context: EngineContext,
  walk: Walk,
  { state, latest }: { state: RecordState; latest: () => Promise<number> },
): Promise<readonly VerifyProblem[]> {
  const { record, position } = walk;
  const rows = await filedRows(context, record);
  const newest = Math.max(0, ...rows.map(({ row }) => row.sequence)) > position.sequence ? await latest() : position.sequence;
  return [
    ...headProblems(walk, state),
    ...unexplainedLosses(walk),
    ...(walk.fold === null ? [] : filedProblems(rows, walk.filed, { record, walked: position.sequence, latest: newest })),
    ...(await fileProblems(context, record, walk.filed)),
  ];
}

function headProblems(walk: Walk, state: RecordState): readonly VerifyProblem[] {
  const { record, position } = walk;
  const problem = (kind: string, message: string): VerifyProblem => ({ kind, record, sequence: state.version, message });
  if (position.sequence !== state.version) {
    const words = position.sequence < state.version ? 'entries were cut off' : 'entries were added';
    return [problem('missing', `The record is at version ${state.version}, its history ends at ${position.sequence}: ${words}.`)];
  }
  if (position.hash !== state.head) return [problem('chain', 'The record does not name the last entry of its history as its head.')];
  const difference = walk.replaying && walk.state ? differenceOf(state, walk.state) : walk.fold && contradiction(state, walk.fold);
  return difference
    ? [problem(difference === 'clocks' ? 'clock' : 'state', `The stored ${words[difference] ?? difference} is not what the history gives.`)]
    : [];
}

const words: { readonly [part: string]: string } = {
  value: 'state',
  data: 'content of the fields',
  clocks: 'reckoning of the clocks',
  raised: 'list of delayed events',
  armed: 'list of running delays',
  definition: 'definition version',
  updatedAt: 'instant of the last change',
};

/** The row of a record repeats parts of its state, for lists and for searching; both must say the same. */
export async function rowProblems({ library }: EngineContext, head: HeadRow): Promise<readonly VerifyProblem[]> {
  const { state } = head;
  const program = await library.load(state.definition);
  const columns = columnsOf(program, state);
  const paths = [...listedPaths(program, state)].sort().join(' ');
  const pairs: readonly (readonly [string, unknown, unknown])[] = [
    ['id', head.record, state.id],
    ['version', head.version, state.version],
    ['head', head.head, state.head],
    ['number', head.number, state.number],
    ['process', head.process, state.process],
    ['definition', head.definition, state.definition],
    ['status', head.status, state.status],
    ['paths', head.paths, paths],
    ['importing', head.importing, state.importing],
    ['created_at', head.createdAt, state.createdAt],
    ['updated_at', head.updatedAt, state.updatedAt],
    ['number_key', head.numberKey, numberKey(state.number)],
    ['title_key', head.titleKey, columns.title === null ? null : fold(columns.title)],
    ...(Object.keys(columns) as (keyof RecordColumns)[]).map((name) => [name, head.columns[name], columns[name]] as const),
  ];
  return pairs
    .filter(([, column, kept]) => column !== kept)
    .map(([name]) => ({
      kind: 'state',
      record: head.record,
      sequence: head.version,
      message: `The column ${name}, by which records are listed and found, differs from the record itself: the row was altered.`,
    }));
}
