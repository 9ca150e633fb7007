/** What clients were told was done, kept on their side, and held against the history afterwards. */
import { expect } from 'vitest';
import { createEngine, type HistoryView, type RunningEngine } from '../../engine/index.js';
import type { Place } from './place.js';

const auditor = { id: 'ada', roles: ['auditor'], teams: [] };
export const ann = { id: 'ann', roles: ['process-owner'], teams: [] };

/** A step that was acknowledged: its place in its record's chain, and the hash when the client was told it. */
export interface Acknowledged {
  readonly record: string;
  readonly sequence: number;
  readonly hash?: string;
  /** When the client was told. */
  readonly at?: number;
  /** A text that this request alone sent: it must be in the history once. */
  readonly token?: string;
}

export class Ledger {
  readonly steps: Acknowledged[] = [];
  /** Texts that were sent, whether an answer came or not: at most once each in the history. */
  readonly sent = new Set<string>();

  note(step: Acknowledged): void {
    this.steps.push(step);
  }

  /** The result of an engine's verb. */
  took({ record, entry }: { readonly record: { readonly id: string }; readonly entry: { readonly sequence: number; readonly hash: string } }): void {
    this.note({ record: record.id, sequence: entry.sequence, hash: entry.hash });
  }
}

export interface Found {
  readonly acknowledged: number;
  readonly found: number;
  readonly entries: number;
  readonly chains: number;
}

export async function allEntries(engine: RunningEngine): Promise<readonly HistoryView[]> {
  const entries: HistoryView[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await engine.entries({ limit: 200, direction: 'asc', ...(cursor ? { cursor } : {}) }, auditor);
    entries.push(...page.items);
    cursor = page.next;
  }
  return entries;
}

/** Where the text of its own lies in the entry of each event that carries one. */
const tokenIn: Readonly<Record<string, string>> = { TELL: 'token', 'record.comment': 'text', 'record.created': 'title', 'record.attachment': 'name' };

const tokenOf = ({ event, data }: HistoryView): string | null => {
  const token = data[tokenIn[event] ?? ''];
  return typeof token === 'string' ? token : null;
};

/** Every acknowledged step is there, nothing was done twice, everything verifies. */
export async function settleAccounts(engine: RunningEngine, ledger: Ledger): Promise<Found & { readonly history: readonly HistoryView[] }> {
  const history = await allEntries(engine);
  const places = new Map(history.map((entry) => [`${entry.record} ${entry.sequence}`, entry]));
  const tokens = new Map<string, number>();
  for (const entry of history) {
    const token = tokenOf(entry);
    if (token !== null && ledger.sent.has(token)) tokens.set(token, (tokens.get(token) ?? 0) + 1);
  }
  const lost = ledger.steps.filter(({ record, sequence, hash, token }) => {
    const entry = places.get(`${record} ${sequence}`);
    return !entry || (hash !== undefined && entry.hash !== hash) || (token !== undefined && tokens.get(token) !== 1);
  });
  expect(lost.slice(0, 5), 'acknowledged steps that are not there').toEqual([]);
  expect([...tokens].filter(([, times]) => times > 1).slice(0, 5), 'requests carried out twice').toEqual([]);
  const { problems, warnings, entries, records } = await engine.verify();
  expect([problems, warnings]).toEqual([[], []]);
  expect(entries).toBe(history.length);
  return { acknowledged: ledger.steps.length, found: ledger.steps.length - lost.length, entries, chains: records, history };
}

/** What was told that never arrived, or arrived twice at one record: each job of a ring has two neighbours. */
export function misdelivered(history: readonly HistoryView[], neighbours: number): readonly string[] {
  const heard = history.filter(({ event }) => event === 'job.HEAR').map(({ data, record }) => `${String(data.token)} ${record}`);
  const told = history.filter(({ event }) => event === 'TELL').map(({ data }) => String(data.token));
  const arrived = new Map<string, number>();
  for (const one of new Set(heard)) arrived.set(one.split(' ')[0] ?? '', (arrived.get(one.split(' ')[0] ?? '') ?? 0) + 1);
  return [...heard.filter((one, index) => heard.indexOf(one) !== index), ...told.filter((token) => arrived.get(token) !== neighbours)];
}

/** Opens the store anew, without any server beside it. */
export async function settleAfterwards(
  place: Place,
  ledger: Ledger,
  more?: (engine: RunningEngine, history: readonly HistoryView[]) => Promise<void>,
): Promise<Found> {
  const engine = await createEngine({ ...place.options, publishFolders: false });
  try {
    const { history, ...found } = await settleAccounts(engine, ledger);
    await more?.(engine, history);
    return found;
  } finally {
    await engine.close();
  }
}

/** How often a timer of one record and due instant fired; each must be once. */
export function firedTwice(history: readonly HistoryView[]): readonly string[] {
  const seen = new Set<string>();
  return history
    .filter((entry) => entry.event.startsWith('after.'))
    .map((entry) => `${entry.record} ${entry.event} ${String(entry.data.dueAt)}`)
    .filter((one) => seen.has(one) || !seen.add(one));
}
