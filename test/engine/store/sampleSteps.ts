/** Steps of made-up records, as the engine would hand them to the store. */
import { createHash } from 'node:crypto';
import type { StepWrite, WriteUnit } from '../../../engine/store/types.js';
import type { RecordState } from '../../../engine/types.js';

const noHash = '0'.repeat(64);
export const everything = { all: '*', named: [], principals: [] } as const;

const sha = (text: string): string => createHash('sha256').update(text).digest('hex');

export type Wishes = Partial<Omit<StepWrite, 'record' | 'columns'>> & {
  readonly record?: Partial<RecordState>;
  readonly columns?: Partial<StepWrite['columns']>;
};

/** The step after `before`, or the first of a record. Coherent as the engine's are: sequence, head and chain fit. */
export function step(id: string, before: RecordState | null, wishes: Wishes = {}): StepWrite {
  const version = (before?.version ?? 0) + 1;
  const text = JSON.stringify({ record: id, sequence: version, event: version === 1 ? 'record.created' : 'WORK', previous: before?.head ?? noHash, wishes });
  const at = 1_772_442_000_000 + version * 1_000;
  const record: RecordState = {
    id,
    number: `INC-${id.replaceAll(/\D/g, '').slice(-6).padStart(6, '0')}`,
    process: 'incident',
    definition: 'd'.repeat(64),
    status: 'active',
    value: 'new',
    historyValue: null,
    output: null,
    data: { title: `Record ${id}` },
    armed: {},
    raised: {},
    clocks: {},
    approvals: {},
    links: {},
    createdAt: at,
    createdBy: 'ada',
    importing: false,
    ...before,
    ...wishes.record,
    version,
    updatedAt: at,
    head: sha(text),
  };
  return {
    expectedVersion: version - 1,
    same: { shown: false, standing: false },
    paths: ['new'],
    search: null,
    principals: null,
    timers: null,
    linksAdded: [],
    linksRemoved: [],
    outbox: [],
    comment: null,
    attachment: null,
    ...wishes,
    record,
    columns: { title: `Record ${id}`, assignee: null, team: null, priority: null, requester: null, service: null, due: null, ...wishes.columns },
    entry: {
      record: id,
      sequence: version,
      at: record.updatedAt,
      recordedAt: record.updatedAt,
      actor: 'ada',
      onBehalfOf: null,
      origin: 'person',
      event: version === 1 ? 'record.created' : 'WORK',
      process: record.process,
      definition: record.definition,
      reference: 'r'.repeat(64),
      text,
      hash: record.head,
      previousHash: before?.head ?? noHash,
      values: JSON.stringify({ 'data.title': ['salt', 'value'] }),
      ...wishes.entry,
    },
  };
}

export const unit = (...steps: StepWrite[]): WriteUnit => ({ steps, idempotency: null });
