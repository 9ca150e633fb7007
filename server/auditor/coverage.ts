/** The page “Coverage”: clauses by processes by evidence, what proves them, what has no records yet, what is overdue. */
import { stringify } from 'csv-stringify/sync';
import { type Coverage, durationWords, EngineError } from '../../engine/index.js';
import { type FieldView, field, options } from '../forms/fieldView.js';
import { holds, type Route } from '../web/route.js';
import type { Visit } from '../web/visit.js';
import { type CoverageAddress, filtered, isFiltered, readAddress, states, writeAddress } from './coverageQuery.js';
import { showEvidence } from './coverageRecords.js';
import { type Chapter, type Clause, type ClauseRow, clausesOf, coverageTable, type EvidenceRow, editions, listNamed, type Standing } from './coverageTable.js';
import { sendAs } from './exports.js';
import { looker, tabsOf } from './frame.js';

/** Auditors and those who run the system: figures over all processes, but no record that its reader may not see. */
const coverageReader = holds('auditor', 'administrator', 'process-owner', 'sms-manager', 'top-management');

const chips: { readonly [standing in Standing | ClauseRow['standing']]: { readonly tone: string; readonly text: string } } = {
  covered: { tone: 'good', text: 'Covered' },
  overdue: { tone: 'danger', text: 'Overdue' },
  incomplete: { tone: 'warning', text: 'Fields missing' },
  partly: { tone: 'warning', text: 'Partly' },
  none: { tone: 'waiting', text: 'No records' },
  unproven: { tone: 'waiting', text: 'No evidence' },
  uncovered: { tone: 'danger', text: 'No process' },
};

async function readTable(
  visit: Visit,
  address: CoverageAddress,
): Promise<{ readonly coverage: Coverage; readonly chapters: readonly Chapter[]; readonly clauses: readonly Clause[] }> {
  const { engine } = visit.services;
  const reference = engine.reference();
  const lists = { '2018': clausesOf(listNamed(reference, 'clauses')), '2011': clausesOf(listNamed(reference, 'clauses-2011')) };
  const coverage = await readableCoverage(visit);
  return { coverage, chapters: coverageTable(coverage, address.edition, lists), clauses: lists[address.edition] };
}

/** Of processes whose records the visitor may not all read only the figures, and no number of a record. */
async function readableCoverage({ services: { engine }, actor }: Visit): Promise<Coverage> {
  const [coverage, processes] = await Promise.all([engine.coverage(), engine.processes(actor)]);
  const open = new Set(processes.filter(({ readsAll }) => readsAll).map(({ key }) => key));
  const evidence = coverage.evidence.map((one) =>
    open.has(one.process) || one.newest === null ? one : { ...one, newest: { ...one.newest, id: '', number: '' } },
  );
  return { ...coverage, evidence };
}

async function show(visit: Visit): Promise<void> {
  const address = readAddress(visit);
  const { coverage, chapters, clauses } = await readTable(visit, address);
  const shown = filtered(chapters, address);
  const readable = (await visit.services.engine.processes(visit.actor)).filter(({ mayRead }) => mayRead);
  const open = new Set(readable.map(({ key }) => key));
  await visit.page({
    view: 'auditor/coverage',
    title: 'Coverage',
    current: looker.test(visit.user) === 'yes' ? '/audit' : '/audit/coverage',
    width: 'wide',
    model: {
      tabs: looker.test(visit.user) === 'yes' ? tabsOf('/audit/coverage') : null,
      edition: address.edition,
      editions: editions.map((edition) => ({
        title: `Edition ${edition}`,
        href: writeAddress(address, { edition, clause: '' }),
        current: edition === address.edition,
      })),
      tally: tallyOf(chapters, address),
      fields: filterFields(coverage, clauses, address),
      filtered: isFiltered(address),
      clear: writeAddress(address, { clause: '', process: '', state: '' }),
      download: writeAddress(address, {}, '/audit/coverage/export'),
      chapters: shown.map((chapter) => ({
        ...chapter,
        proven: chapter.clauses.some(({ rows }) => rows.length > 0),
        clauses: chapter.clauses.map((clause) => clauseView(clause, address, open)),
      })),
    },
  });
}

/** Clauses of each standing, each a link to them. */
function tallyOf(chapters: readonly Chapter[], address: CoverageAddress): readonly object[] {
  const clauses = chapters.flatMap((chapter) => chapter.clauses);
  const count = (...wanted: readonly ClauseRow['standing'][]): number => clauses.filter(({ standing }) => wanted.includes(standing)).length;
  const link = (state: CoverageAddress['state']): string => writeAddress(address, { clause: '', process: '', state });
  return [
    { amount: clauses.length, title: 'clauses ask something', href: link(''), tone: '' },
    { amount: count('covered'), title: 'covered', href: link('covered'), tone: '' },
    { amount: count('overdue'), title: 'overdue', href: link('overdue'), tone: 'danger' },
    { amount: count('partly', 'none'), title: 'without some or all records', href: link('wanting'), tone: 'warning' },
    { amount: count('unproven'), title: 'without named evidence', href: link('unproven'), tone: 'warning' },
    { amount: count('uncovered'), title: 'that no process serves', href: link('uncovered'), tone: 'danger' },
  ].map((one) => ({ ...one, tone: one.amount > 0 ? one.tone : '' }));
}

function filterFields({ processes }: Coverage, list: readonly Clause[], address: CoverageAddress): readonly FieldView[] {
  const clauses = list.map(({ number, title }) => ({ value: number, title: `${'\u2003'.repeat(number.split('.').length - 1)}${number} ${title}` }));
  const named = [...processes].sort((a, b) => a.plural.localeCompare(b.plural, 'en')).map(({ key, plural }) => ({ value: key, title: plural }));
  const select = (name: 'clause' | 'process' | 'state', title: string, entries: readonly { readonly value: string; readonly title: string }[]): FieldView =>
    field({ name, title, kind: 'select', options: options(entries, address[name], 'Any') });
  return [
    select('clause', 'Clause', clauses),
    select('process', 'Process', named),
    select(
      'state',
      'State',
      Object.entries(states).map(([value, title]) => ({ value, title })),
    ),
  ];
}

function clauseView({ number, title, counterpart, standing, rows, alsoNamedBy }: ClauseRow, { edition }: CoverageAddress, open: ReadonlySet<string>): object {
  return {
    number,
    title,
    counterpart: edition === '2018' ? counterpart : null,
    chip: chips[standing],
    rows: rows.map((row) => rowView(row, number, open)),
    also: alsoNamedBy.map(({ key, plural }) => ({ href: open.has(key) ? `/process/${key}` : null, title: plural })),
  };
}

function rowView({ process, processTitle, clause, standing, evidence }: EvidenceRow, number: string, open: ReadonlySet<string>): object {
  const { index, title, fields, every, complete, incomplete, failed, newest, overdueSince } = evidence;
  const path = `/audit/coverage/${process}/${index}`;
  return {
    title,
    narrower: clause === number ? null : clause,
    process: processTitle,
    processHref: open.has(process) ? `/process/${process}` : null,
    fields: fields.length,
    every: every === null ? null : durationWords(every).replace(/^1 (?=\w+$)/u, ''),
    complete: complete.toLocaleString('en-GB'),
    incomplete: incomplete.toLocaleString('en-GB'),
    completeHref: complete > 0 ? path : null,
    incompleteHref: incomplete > 0 ? `${path}?standing=incomplete` : null,
    failed,
    newest: newest && { ...newest, href: newest.number === '' ? null : `/record/${newest.number}` },
    overdueSince,
    chip: chips[standing],
  };
}

const columns = [
  'Edition',
  'Clause',
  'Title',
  'State of the clause',
  'Process',
  'Evidence',
  'State',
  'Records',
  'Incomplete',
  'Newest',
  'Newest on',
  'Wanted every',
  'Overdue since',
];

/** What a spreadsheet would take for a formula gets an apostrophe; no cell can run anything. */
const line = (cells: readonly unknown[]): string => stringify([cells], { escape_formulas: true, record_delimiter: '\r\n' });

async function download(visit: Visit): Promise<void> {
  const address = readAddress(visit);
  const chapters = filtered((await readTable(visit, address)).chapters, address);
  const day = (at: number | null | undefined): string => (at === null || at === undefined ? '' : new Date(at).toISOString());
  const lines = chapters.flatMap(({ clauses }) =>
    clauses.flatMap(({ number, title, standing, rows, alsoNamedBy }) => {
      const clause = [address.edition, number, title, chips[standing].text];
      const bare = alsoNamedBy.map(({ plural }) => [...clause, plural, '', chips.unproven.text]);
      const proven = rows.map((row) => {
        const { title: what, complete, incomplete, newest, every, overdueSince } = row.evidence;
        return [...clause, row.processTitle, what, chips[row.standing].text, complete, incomplete, newest?.number, day(newest?.at), every, day(overdueSince)];
      });
      return proven.length + bare.length === 0 ? [clause] : [...proven, ...bare];
    }),
  );
  const { engine } = visit.services;
  sendAs(visit.response, `charter-coverage-${address.edition}-${new Date(engine.now()).toISOString().slice(0, 10)}.csv`, 'text/csv; charset=utf-8');
  const full = lines.map((cells) => line(columns.map((_, index) => cells[index] ?? '')));
  visit.response.end(`\uFEFF${line(columns)}${full.join('')}`);
}

async function evidence(visit: Visit): Promise<void> {
  const [process, index] = [visit.param('process'), visit.param('index')];
  if (!/^\d{1,3}$/u.test(index)) throw new EngineError('NOT_FOUND', { process, evidence: index });
  await showEvidence(visit, { process, index: Number(index), tabs: looker.test(visit.user) === 'yes' ? tabsOf('/audit/coverage') : null });
}

export function coverageRoutes(): readonly Route[] {
  const look = (path: string, handle: Route['handle']): Route => ({ method: 'get', path, allow: coverageReader, handle });
  return [look('/audit/coverage', show), look('/audit/coverage/export', download), look('/audit/coverage/:process/:index', evidence)];
}
