/**
 * Calendars, service levels and limits reach open records at once: when the reference rules in force are no longer those
 * under which deadlines were last computed, every open record takes a step that computes them anew.
 */
import { EngineError } from '../errors.js';
import type { EngineContext } from './context.js';
import { allEnded, isPassing } from './failures.js';

/** The hash of the reference rules under which all deadlines stand. */
const TIMED_UNDER = 'timed-under';
const BATCH = 100;
const LEASE = 'retiming';
const LEASE_MS = 60_000;
/** What each engine has found to be so: it need not ask again until other rules come into force. */
const known = new WeakMap<EngineContext, string>();

/** @returns how many records were timed anew. Interrupted, it begins again: a record timed twice is none the worse. @throws BUSY and the like, for the same */
export async function retime(context: EngineContext): Promise<number> {
  const { store, library } = context;
  const reference = library.referenceHash();
  if (known.get(context) === reference) return 0;
  const under = await store.meta(TIMED_UNDER);
  if (under !== null && under !== reference) return retimeAlone(context, reference);
  if (under === null) await store.setMeta(TIMED_UNDER, reference);
  known.set(context, reference);
  return 0;
}

async function retimeAlone(context: EngineContext, reference: string): Promise<number> {
  const { store } = context;
  const timed = await store.queue.withLease(LEASE, LEASE_MS, async () => {
    if ((await store.meta(TIMED_UNDER)) === reference) return 0;
    const count = await retimeAll(context);
    await store.setMeta(TIMED_UNDER, reference);
    known.set(context, reference);
    return count;
  });
  return timed ?? 0;
}

async function retimeAll(context: EngineContext): Promise<number> {
  const left: string[] = [];
  let count = 0;
  let cursor: string | undefined;
  do {
    const page = await context.store.records.list({
      status: 'active',
      sort: 'created',
      direction: 'asc',
      limit: BATCH,
      scope: { all: '*', named: [], principals: [] },
      ...(cursor ? { cursor } : {}),
    });
    const timed = page.items.filter(
      ({ record }) => !record.importing && (Object.keys(record.armed).length > 0 || Object.values(record.clocks).some((clock) => clock.status === 'running')),
    );
    const ended = await Promise.allSettled(timed.map(({ record }) => retimeOne(context, record.id)));
    left.push(...timed.flatMap(({ record }, place) => (ended[place]?.status === 'rejected' ? record.id : [])));
    count += timed.length;
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  // What kept them is over by now, or all begins again at the next look.
  await allEnded(left.map((record) => retimeOne(context, record)));
  return count;
}

async function retimeOne({ steps, clock }: EngineContext, record: string): Promise<void> {
  const at = clock.now();
  try {
    await steps.run({
      kind: 'event',
      record,
      type: 'record.retimed',
      data: {},
      actor: { id: 'system', roles: [], teams: [] },
      origin: 'system',
      internal: true,
      at,
      recordedAt: at,
    });
  } catch (error) {
    // Finished meanwhile, or its definition stops it: a record that cannot be timed anew keeps its deadlines.
    if (!(error instanceof EngineError) || isPassing(error)) throw error;
  }
}
