/** Gathers from Charter's own history what the comparison counts. Entries come record by record in their order, or at least each record's in its own. */
import type { HistoryView, Json } from '../../engine/index.js';
import type { CaseFacts } from './caseFacts.js';
import type { Mapping } from './mapping.js';
import type { CountedField } from './mappingFile.js';
import { foldEntry, labelOf, type Standing } from './standing.js';

export interface HistoryFold {
  add(entry: HistoryView): void;
  /** By the case's number in the source. */
  facts(): ReadonlyMap<string, CaseFacts>;
}

interface Gathered {
  standing: Standing;
  readonly labels: string[];
  /** Of the step before: instant, actor and place in the mapping. Steps of one row share the first two and grow in the third. */
  last: { at: number; actor: string; rank: number };
  readonly openedAt: number;
  resolvedAt: number | null;
  reassignments: number;
  problem: boolean;
  change: boolean;
}

/** Steps of `record.created` and of the first row are one update where the mapping says that first rows take steps. */
export function createHistoryFold(mapping: Mapping): HistoryFold {
  const records = new Map<string, Gathered>();
  const rankOf = eventRanks(mapping);
  return {
    add(entry) {
      if (entry.event === 'imported') return;
      const known = records.get(entry.record);
      if (known === undefined) records.set(entry.record, begin(mapping, entry));
      else goOn(mapping, known, { entry, rank: rankOf(entry.event) });
    },
    facts: () => new Map([...records.values()].map((gathered) => [String(gathered.standing.data[mapping.file.numberField] ?? ''), toFacts(mapping, gathered)])),
  };
}

/** Steps of one row come in the order of the mapping's groups (an event of several: of the last); an event for rows that say nothing new stands alone. */
function eventRanks(mapping: Mapping): (event: string) => number {
  const ranks = new Map<string, number>();
  mapping.file.steps.forEach((group, index) => {
    for (const rule of group.rules) for (const send of rule.send) ranks.set(send.event, rule.when?.same === true ? 0 : index + 1);
  });
  return (event) => ranks.get(event) ?? 0;
}

function begin(mapping: Mapping, entry: HistoryView): Gathered {
  const standing = foldEntry(null, entry);
  const rank = mapping.file.compare?.firstRowHasSteps === true ? -1 : Number.POSITIVE_INFINITY;
  const gathered: Gathered = {
    standing,
    labels: [],
    last: { at: entry.at, actor: entry.actor, rank },
    openedAt: entry.at,
    resolvedAt: null,
    reassignments: 0,
    problem: false,
    change: false,
  };
  note(mapping, gathered, true);
  return gathered;
}

function goOn(mapping: Mapping, gathered: Gathered, step: { entry: HistoryView; rank: number }): void {
  const { entry, rank } = step;
  const { compare } = mapping.file;
  const team = wordOf(compare?.team, gathered.standing);
  gathered.standing = foldEntry(gathered.standing, entry);
  const { last } = gathered;
  const sameRow = last.rank === -1 || (last.rank > 0 && rank > last.rank && last.at === entry.at && last.actor === entry.actor);
  gathered.last = { at: entry.at, actor: entry.actor, rank };
  if (wordOf(compare?.team, gathered.standing) !== team) gathered.reassignments += 1;
  note(mapping, gathered, !sameRow);
}

function note(mapping: Mapping, gathered: Gathered, opensRow: boolean): void {
  const { compare } = mapping.file;
  const label = labelOf(mapping, gathered.standing) ?? '';
  const before = gathered.labels.at(-1);
  if (!opensRow) gathered.labels.pop();
  gathered.labels.push(label);
  if (label === compare?.resolved && label !== before) gathered.resolvedAt = gathered.standing.at;
  gathered.problem ||= wordOf(compare?.problem, gathered.standing) !== null;
  gathered.change ||= wordOf(compare?.change, gathered.standing) !== null;
}

function toFacts(mapping: Mapping, gathered: Gathered): CaseFacts {
  const { compare } = mapping.file;
  const { labels, openedAt, resolvedAt, reassignments, problem, change, standing } = gathered;
  const word = (counted: CountedField | undefined): string | null => wordOf(counted, standing);
  return {
    openedAt,
    resolvedAt,
    labels,
    reassignments,
    problem,
    change,
    priority: word(compare?.priority),
    contact: word(compare?.contact),
    madeSla: word(compare?.madeSla),
  };
}

/** A field's value in the source's words; an empty word stands for unknown. */
function wordOf(counted: CountedField | undefined, standing: Standing): string | null {
  const value: Json = counted === undefined ? null : (standing.data[counted.field] ?? null);
  if (value === null) return null;
  const labels = counted?.labels ?? {};
  const word = Object.hasOwn(labels, String(value)) ? labels[String(value)] : String(value);
  return word === undefined || word === '' ? null : word;
}
