/** The address of the page “Coverage”: edition and filters, read strictly and written back for every link; and what they leave of the table. */
import { EngineError } from '../../engine/index.js';
import type { Visit } from '../web/visit.js';
import type { Chapter, ClauseRow, Edition, EvidenceRow } from './coverageTable.js';

export const states = {
  covered: 'Covered',
  overdue: 'Overdue',
  wanting: 'No complete records',
  unproven: 'No evidence named',
  uncovered: 'No process',
} as const;
export type State = keyof typeof states;

export interface CoverageAddress {
  readonly edition: Edition;
  /** Number of a clause; those within it count too. */
  readonly clause: string;
  readonly process: string;
  readonly state: State | '';
}

const PATH = '/audit/coverage';

export function readAddress(visit: Visit): CoverageAddress {
  const edition = visit.query('edition') ?? '2018';
  if (edition !== '2018' && edition !== '2011') throw new EngineError('QUERY_INVALID', { parameter: 'edition', allowed: ['2018', '2011'] });
  const state = visit.query('state') ?? '';
  if (state !== '' && !Object.hasOwn(states, state)) throw new EngineError('QUERY_INVALID', { parameter: 'state', allowed: Object.keys(states) });
  const clause = (visit.query('clause') ?? '').trim();
  if (!/^(?:\d{1,3}(?:\.\d{1,3}){0,6})?$/u.test(clause))
    throw new EngineError('QUERY_INVALID', { parameter: 'clause', reason: 'It is no number of a clause.' });
  const process = visit.query('process') ?? '';
  if (process.length > 40) throw new EngineError('QUERY_INVALID', { parameter: 'process', reason: 'It is too long.' });
  return { edition, clause, process, state: state as State | '' };
}

export function writeAddress(address: CoverageAddress, change: Partial<CoverageAddress> = {}, path = PATH): string {
  const { edition, clause, process, state } = { ...address, ...change };
  const query = new URLSearchParams();
  if (edition !== '2018') query.set('edition', edition);
  for (const [name, value] of Object.entries({ clause, process, state })) if (value !== '') query.set(name, value);
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}

export const isFiltered = ({ clause, process, state }: CoverageAddress): boolean => clause !== '' || process !== '' || state !== '';

/** The chapters with what fits the filters; chapters and clauses in which nothing is left are left out. */
export function filtered(chapters: readonly Chapter[], address: CoverageAddress): readonly Chapter[] {
  return chapters.flatMap((chapter) => {
    const clauses = chapter.clauses.flatMap((clause) => narrowed(clause, address) ?? []);
    return clauses.length === 0 ? [] : [{ ...chapter, clauses }];
  });
}

function narrowed(clause: ClauseRow, { clause: wanted, process, state }: CoverageAddress): ClauseRow | null {
  if (wanted !== '' && clause.number !== wanted && !clause.number.startsWith(`${wanted}.`)) return null;
  const rows = clause.rows.filter((row) => (process === '' || row.process === process) && (state === '' || stateOf(row) === state));
  const alsoNamedBy = clause.alsoNamedBy.filter(({ key }) => (process === '' || key === process) && (state === '' || state === 'unproven'));
  const alone = clause.rows.length === 0 && process === '' && (state === '' || clause.standing === state);
  return rows.length > 0 || alsoNamedBy.length > 0 || alone ? { ...clause, rows, alsoNamedBy } : null;
}

function stateOf({ standing }: EvidenceRow): State {
  return standing === 'incomplete' || standing === 'none' ? 'wanting' : standing;
}
