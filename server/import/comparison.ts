/** Sets what Charter's own history tells beside what the source's rows tell and beside figures worked out elsewhere. */
import type { Actor, Engine, Json } from '../../engine/index.js';
import { type CaseFacts, factsOfRows, stations } from './caseFacts.js';
import { type Figures, figuresOf } from './figures.js';
import { createHistoryFold } from './historyFacts.js';
import type { Mapping } from './mapping.js';
import { readCases } from './reader.js';

export interface ComparedFigure {
  /** Path of the figure, its parts joined by " / ". */
  readonly figure: string;
  readonly expected: Json;
  readonly charter: Json;
  readonly same: boolean;
  readonly reason?: string;
}

export interface CaseDifference {
  readonly kind: string;
  readonly count: number;
  readonly examples: readonly string[];
}

export interface Comparison {
  readonly charter: Figures;
  readonly figures: readonly ComparedFigure[];
  /** Case by case: the rows of the file against the record's history. */
  readonly cases: { readonly compared: number; readonly same: number; readonly differences: readonly CaseDifference[] };
}

export interface ComparisonRequest {
  readonly engine: Engine;
  readonly mapping: Mapping;
  readonly file: string;
  readonly reader: Actor;
  readonly expected: { readonly [figure: string]: Json };
}

const EXAMPLES = 3;

/** Hours over those cases only of which the source tells when they were resolved; expected are the same as over all. */
const KNOWN_HOURS = 'hours_where_the_source_knows';

function withKnownHours(expected: ComparisonRequest['expected']): Json {
  const hours = expected.hours_opened_to_resolved;
  return hours === undefined ? expected : { ...expected, [KNOWN_HOURS]: hours };
}

export async function compare(request: ComparisonRequest): Promise<Comparison> {
  const { mapping, file, expected } = request;
  const history = await readHistory(request);
  const inFile: CaseFacts[] = [];
  const known: CaseFacts[] = [];
  const differences = new Map<string, { count: number; examples: string[] }>();
  let compared = 0;
  let same = 0;
  for await (const source of readCases(file, mapping.file.case)) {
    compared += 1;
    const charter = history.get(source.key);
    const told = factsOfRows(mapping, source);
    const found = differencesOf(told, charter);
    if (charter !== undefined) inFile.push(charter);
    if (charter !== undefined && told.resolvedAt !== null) known.push(charter);
    if (found.length === 0) same += 1;
    for (const { kind, example } of found) addTo(differences, kind, `${source.key}: ${example}`);
  }
  const closed = mapping.file.compare?.closed ?? [];
  const charter = figuresOf(inFile, closed);
  const figures = compareFigures(
    withKnownHours(expected),
    { ...charter, [KNOWN_HOURS]: figuresOf(known, closed).hours_opened_to_resolved },
    mapping.file.compare?.reasons ?? {},
  );
  const list = [...differences].map(([kind, { count, examples }]) => ({ kind, count, examples })).sort((a, b) => b.count - a.count);
  return { charter, figures, cases: { compared, same, differences: list } };
}

async function readHistory({ engine, mapping, reader }: ComparisonRequest): Promise<ReadonlyMap<string, CaseFacts>> {
  const fold = createHistoryFold(mapping);
  let cursor: string | undefined;
  do {
    const page = await engine.entries(
      { process: mapping.file.process, origin: 'import', direction: 'asc', limit: 1000, ...(cursor === undefined ? {} : { cursor }) },
      reader,
    );
    for (const entry of page.items) fold.add(entry);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  return fold.facts();
}

function differencesOf(rows: CaseFacts, charter: CaseFacts | undefined): { kind: string; example: string }[] {
  if (charter === undefined) return [{ kind: 'no record', example: 'Charter has no record of this case' }];
  const found: { kind: string; example: string }[] = [];
  const differ = (kind: string, source: unknown, own: unknown): void => {
    if (source !== own) found.push({ kind, example: `the file says ${String(source)}, Charter ${String(own)}` });
  };
  const path = (facts: CaseFacts): string => stations(facts.labels).join(' > ');
  differ('sequence of states', path(rows), path(charter));
  differ('number of updates', rows.labels.length, charter.labels.length);
  differ('opened', iso(rows.openedAt), iso(charter.openedAt));
  differ(rows.resolvedAt === null ? 'resolved, where the source does not know when' : 'resolved', iso(rows.resolvedAt), iso(charter.resolvedAt));
  differ('reassignments', rows.reassignments, charter.reassignments);
  for (const key of ['priority', 'contact', 'madeSla', 'problem', 'change'] as const) differ(key, rows[key], charter[key]);
  return found;
}

function compareFigures(expected: Json, charter: object, reasons: { readonly [figure: string]: string }): ComparedFigure[] {
  const left = leaves(expected);
  const right = leaves(charter as Json);
  // Only figures that are expected at all; within one, also the parts that only Charter has.
  const groups = new Set([...left.keys()].map(groupOf));
  const names = [...new Set([...left.keys(), ...[...right.keys()].filter((name) => groups.has(groupOf(name)))])];
  return names.map((figure) => {
    const pair = { expected: left.get(figure) ?? null, charter: right.get(figure) ?? null };
    const reason = reasons[groupOf(figure)];
    const same = pair.expected === pair.charter;
    return { figure, ...pair, same, ...(same || reason === undefined ? {} : { reason }) };
  });
}

function groupOf(figure: string): string {
  return figure.split(' / ')[0] ?? figure;
}

function leaves(value: Json, path: readonly string[] = [], found = new Map<string, Json>()): Map<string, Json> {
  if (value !== null && typeof value === 'object' && !Array.isArray(value))
    for (const [key, inner] of Object.entries(value)) leaves(inner as Json, [...path, key], found);
  else found.set(path.join(' / '), value);
  return found;
}

function addTo(differences: Map<string, { count: number; examples: string[] }>, kind: string, example: string): void {
  const known = differences.get(kind) ?? { count: 0, examples: [] };
  known.count += 1;
  if (known.examples.length < EXAMPLES) known.examples.push(example);
  differences.set(kind, known);
}

function iso(instant: number | null): string {
  return instant === null ? 'unknown' : new Date(instant).toISOString().slice(0, 16);
}
