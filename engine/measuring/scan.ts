/** Walks the records of a process a page at a time, so that many records never stand in memory together. */
import { EngineError } from '../errors.js';
import type { EngineContext } from '../runtime/context.js';
import type { ReadScope, RecordState } from '../types.js';
import { type LookedAt, lookAt } from './recordFacts.js';

/** Records read at once; while they are judged nothing else runs. */
const PAGE = 200;

export interface Span {
  readonly process: string;
  /** Opened from this instant on. */
  readonly from?: number;
  /** Opened before this instant. */
  readonly to?: number;
  readonly direction?: 'asc' | 'desc';
  /** Whose records; absent: all. */
  readonly scope?: ReadScope;
}

const everyRecord: ReadScope = { all: '*', named: [], principals: [] };

/** Every record of the span in order of its opening, each as it is now. */
export async function* recordsOf(context: EngineContext, { process, from, to, direction = 'asc', scope = everyRecord }: Span): AsyncIterable<LookedAt> {
  const program = context.library.current(process);
  const now = context.clock.now();
  let cursor: string | null = null;
  do {
    const page: { items: readonly { record: RecordState }[]; next: string | null } = await context.store.records.list({
      processes: [process],
      sort: 'created',
      direction,
      limit: PAGE,
      scope,
      ...(from === undefined ? {} : { createdFrom: from }),
      ...(to === undefined ? {} : { createdTo: to }),
      ...(cursor === null ? {} : { cursor }),
    });
    for (const { record } of page.items) yield lookAt(context, record, { program, own: await context.library.load(record.definition), now });
    cursor = page.next;
  } while (cursor !== null);
}

/** What a rule came to for a record; `failed` when it could not be worked out. */
export type Judged<T> = { readonly value: T } | 'failed';

/** Judges a record by a rule; asks again when it wanted other records that had to be fetched. */
export async function judge<T>(looked: LookedAt, rule: (looked: LookedAt) => T): Promise<Judged<T>> {
  for (;;) {
    const found = attempt(() => rule(looked));
    if (!looked.missing()) return found;
    await looked.fetch();
  }
}

function attempt<T>(rule: () => T): Judged<T> {
  try {
    return { value: rule() };
  } catch (error) {
    if (error instanceof EngineError && error.code === 'RULE_FAILED') return 'failed';
    throw error;
  }
}
