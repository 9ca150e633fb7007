/** Clauses by processes by evidence, as a table of one edition of the standard. Pure. */
import type { Coverage, EvidenceStanding, ListFile, ReferenceFile } from '../../engine/index.js';

export type Edition = '2018' | '2011';
export const editions: readonly Edition[] = ['2018', '2011'];

/** How an entry of evidence stands: proven; its newest proof too old; records, but fields are empty; no records. */
export type Standing = 'covered' | 'overdue' | 'incomplete' | 'none';

export interface EvidenceRow {
  readonly process: string;
  readonly processTitle: string;
  /** As the process writes it; it may be narrower than the clause of the list. */
  readonly clause: string;
  readonly standing: Standing;
  readonly evidence: EvidenceStanding;
}

/** `unproven`: processes name the clause, but none says what proves it. `uncovered`: no process names it. */
export type ClauseStanding = 'covered' | 'overdue' | 'partly' | 'none' | 'unproven' | 'uncovered';

export interface ClauseRow {
  readonly number: string;
  readonly title: string;
  readonly counterpart: string | null;
  readonly standing: ClauseStanding;
  readonly rows: readonly EvidenceRow[];
  /** Processes that serve it without naming evidence. */
  readonly alsoNamedBy: readonly { readonly key: string; readonly plural: string }[];
}

export interface Chapter {
  readonly number: string;
  readonly title: string;
  readonly clauses: readonly ClauseRow[];
}

/** A clause of the list. */
export interface Clause {
  readonly number: string;
  readonly title: string;
  readonly heading: boolean;
  readonly former: string | null;
}

/** The clauses of an edition, from a list of the reference rules; `former`: the counterpart of 2011. */
export function clausesOf(list: ListFile | undefined): readonly Clause[] {
  return (list?.entries ?? []).map(({ id, title, heading, '2011': former }) => ({
    number: id,
    title,
    heading: heading === true,
    former: typeof former === 'string' ? former : null,
  }));
}

/** Every clause that asks something, chapter by chapter; what processes name beyond the list stands in its chapter too. */
export function coverageTable(coverage: Coverage, edition: Edition, lists: { readonly [edition in Edition]: readonly Clause[] }): readonly Chapter[] {
  const clauses = lists[edition];
  const former = new Map(lists['2018'].map(({ number, former: counterpart }) => [number, counterpart]));
  const titles = new Map(coverage.processes.map((process) => [process.key, process]));
  const rows = coverage.evidence.flatMap((evidence): EvidenceRow[] => {
    const clause = numberIn(evidence.clause, edition, former);
    const processTitle = titles.get(evidence.process)?.plural ?? evidence.process;
    return clause === null ? [] : [{ process: evidence.process, processTitle, clause, standing: standingOf(evidence), evidence }];
  });
  const named = coverage.processes.flatMap(({ key, plural, clauses: served }) => served[edition].map((clause) => ({ key, plural, clause })));
  const listed = new Map(clauses.map((clause) => [clause.number, clause]));
  const place = (number: string): string => nearest(number, listed) ?? number;
  const beyond = [...new Set([...rows, ...named].map(({ clause }) => place(clause)).filter((number) => !listed.has(number)))];
  const all = [...clauses, ...beyond.map((number) => ({ number, title: '', heading: false, former: null }))];
  const made = all
    .sort((a, b) => compareNumbers(a.number, b.number))
    .map((clause) => ({ clause, row: clauseRow(clause, { rows, named, place }) }))
    .filter(({ clause, row }) => !clause.heading || row.rows.length > 0)
    .map(({ row }) => row);
  return intoChapters(made, listed);
}

/** The number an entry of evidence has in an edition: its own, else the counterpart of its clause of 2018. */
function numberIn(clause: EvidenceStanding['clause'], edition: Edition, former: ReadonlyMap<string, string | null>): string | null {
  const own = clause[edition];
  if (own !== undefined) return own;
  const latest = clause['2018'];
  return edition === '2011' && latest !== undefined ? (former.get(nearest(latest, former) ?? '') ?? null) : null;
}

/** The number itself or the nearest clause around it that is known. */
function nearest(number: string, known: { has(number: string): boolean }): string | null {
  for (let at = number; at !== ''; at = at.includes('.') ? at.slice(0, at.lastIndexOf('.')) : '') if (known.has(at)) return at;
  return null;
}

interface Around {
  readonly rows: readonly EvidenceRow[];
  readonly named: readonly { readonly key: string; readonly plural: string; readonly clause: string }[];
  readonly place: (number: string) => string;
}

function clauseRow({ number, title, former, heading }: Clause, { rows, named, place }: Around): ClauseRow {
  const own = rows.filter(({ clause }) => place(clause) === number);
  const proving = new Set(rows.filter(({ clause }) => isWithin(clause, number)).map(({ process }) => process));
  const here = named.filter(({ clause, key }) => place(clause) === number && !proving.has(key));
  // Whoever names a whole section serves what nobody names within it.
  const around = heading || own.length > 0 || here.length > 0 ? [] : named.filter(({ clause }) => isWithin(number, clause) && clause !== number);
  const also = new Map([...here, ...around].map(({ key, plural }) => [key, { key, plural }]));
  return {
    number,
    title,
    counterpart: former,
    standing: own.length > 0 ? together(own) : also.size > 0 ? 'unproven' : 'uncovered',
    rows: own,
    alsoNamedBy: [...also.values()],
  };
}

function isWithin(number: string, around: string): boolean {
  return number === around || number.startsWith(`${around}.`);
}

function standingOf({ complete, incomplete, overdueSince }: EvidenceStanding): Standing {
  if (complete === 0) return incomplete > 0 ? 'incomplete' : 'none';
  return overdueSince === null ? 'covered' : 'overdue';
}

/** The worst that must be looked after comes first; a clause is partly covered while some of its evidence is wanting. */
function together(rows: readonly EvidenceRow[]): ClauseStanding {
  if (rows.some(({ standing }) => standing === 'overdue')) return 'overdue';
  const covered = rows.filter(({ standing }) => standing === 'covered').length;
  return covered === rows.length ? 'covered' : covered > 0 ? 'partly' : 'none';
}

/** `8.5.1.10` comes after `8.5.1.9`. */
function compareNumbers(one: string, other: string): number {
  const [a, b] = [one.split('.').map(Number), other.split('.').map(Number)];
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    const difference = (a[at] ?? -1) - (b[at] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}

function intoChapters(clauses: readonly ClauseRow[], listed: ReadonlyMap<string, Clause>): readonly Chapter[] {
  const chapters = new Map<string, ClauseRow[]>();
  for (const clause of clauses) {
    const chapter = clause.number.split('.')[0] ?? '';
    chapters.set(chapter, [...(chapters.get(chapter) ?? []), clause]);
  }
  return [...chapters].map(([number, rows]) => ({ number, title: listed.get(number)?.title ?? '', clauses: rows }));
}

/** A list of the reference rules by name, when there is one. */
export function listNamed(reference: { readonly [name: string]: ReferenceFile }, name: string): ListFile | undefined {
  const file = Object.hasOwn(reference, name) ? reference[name] : undefined;
  return file?.kind === 'list' ? file : undefined;
}
