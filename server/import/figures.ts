/** Figures over many cases: the same sums whether they are taken from the source's rows or from Charter's history. */
import { type CaseFacts, stations } from './caseFacts.js';

export type Counts = Readonly<Record<string, number>>;
export interface Hours {
  readonly n: number;
  readonly median_h: number;
  readonly p90_h: number;
}

/** Named as in the file of expected figures. */
export interface Figures {
  readonly cases: number;
  readonly events: number;
  readonly opened_from: string | null;
  readonly opened_to: string | null;
  readonly events_by_state: Counts;
  readonly first_state: Counts;
  readonly last_state: Counts;
  readonly transitions_between_different_states: Counts;
  readonly variants: number;
  readonly priority_at_end: Counts;
  readonly made_sla_at_end: Counts;
  readonly made_sla_at_end_by_priority: Readonly<Record<string, Counts>>;
  readonly reopened_cases: number;
  readonly reassignments: number;
  readonly cases_never_reassigned: number;
  readonly cases_with_problem: number;
  readonly cases_with_change: number;
  readonly contact_type: Counts;
  readonly hours_opened_to_resolved: Readonly<Record<string, Hours>>;
  readonly opened_by_month: Counts;
}

/** `closed` are the labels from which going back is reopening. */
export function figuresOf(cases: Iterable<CaseFacts>, closed: readonly string[]): Figures {
  const all = [...cases];
  const paths = all.map((facts) => stations(facts.labels));
  const opened = all.flatMap((facts) => (facts.openedAt === null ? [] : [facts.openedAt])).sort((a, b) => a - b);
  const isClosed = new Set(closed);
  const word = (text: string | null): string => text ?? 'unknown';
  return {
    cases: all.length,
    events: all.reduce((sum, facts) => sum + facts.labels.length, 0),
    opened_from: minute(opened[0]),
    opened_to: minute(opened.at(-1)),
    events_by_state: count(all.flatMap((facts) => facts.labels)),
    first_state: count(paths.map((path) => path[0] ?? '')),
    last_state: count(paths.map((path) => path.at(-1) ?? '')),
    transitions_between_different_states: count(paths.flatMap(transitions)),
    variants: new Set(paths.map((path) => path.join(' > '))).size,
    priority_at_end: count(all.map((facts) => word(facts.priority))),
    made_sla_at_end: count(all.map((facts) => word(facts.madeSla))),
    made_sla_at_end_by_priority: Object.fromEntries([...groups(all)].map(([priority, own]) => [priority, count(own.map((facts) => word(facts.madeSla)))])),
    reopened_cases: paths.filter((path) => path.some((label, index) => index > 0 && !isClosed.has(label) && isClosed.has(path[index - 1] ?? ''))).length,
    reassignments: all.reduce((sum, facts) => sum + facts.reassignments, 0),
    cases_never_reassigned: all.filter((facts) => facts.reassignments === 0).length,
    cases_with_problem: all.filter((facts) => facts.problem).length,
    cases_with_change: all.filter((facts) => facts.change).length,
    contact_type: count(all.map((facts) => word(facts.contact))),
    hours_opened_to_resolved: Object.fromEntries([...groups(all)].flatMap(([priority, own]) => hoursOf(priority, own))),
    opened_by_month: count(opened.map((instant) => new Date(instant).toISOString().slice(0, 7))),
  };
}

function transitions(path: readonly string[]): string[] {
  return path.slice(1).map((label, index) => `${path[index]} > ${label}`);
}

function groups(all: readonly CaseFacts[]): ReadonlyMap<string, CaseFacts[]> {
  const byPriority = new Map<string, CaseFacts[]>();
  for (const facts of all) {
    const key = facts.priority ?? 'unknown';
    const own = byPriority.get(key);
    if (own === undefined) byPriority.set(key, [facts]);
    else own.push(facts);
  }
  return byPriority;
}

function hoursOf(priority: string, own: readonly CaseFacts[]): [string, Hours][] {
  const hours = own
    .flatMap((facts) => (facts.resolvedAt === null || facts.openedAt === null ? [] : [(facts.resolvedAt - facts.openedAt) / 3_600_000]))
    .sort((a, b) => a - b);
  if (hours.length === 0) return [];
  return [[priority, { n: hours.length, median_h: quantile(hours, 0.5), p90_h: quantile(hours, 0.9) }]];
}

/** The number at that rank, the lower of two; to two places. */
function quantile(sorted: readonly number[], share: number): number {
  return Math.round((sorted[Math.floor((sorted.length - 1) * share)] ?? 0) * 100) / 100;
}

function count(words: readonly string[]): Counts {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return Object.fromEntries([...counts].sort((a, b) => b[1] - a[1]));
}

function minute(instant: number | undefined): string | null {
  return instant === undefined ? null : new Date(instant).toISOString().slice(0, 16).replace('T', ' ');
}
