/** The store alone against the raw driver, same bytes, same run. `npx vitest bench --run --project unit test/bench/store.bench.ts`. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { bench, describe } from 'vitest';
import { monotonic } from '../../engine/clock.js';
import { measureLimit } from '../../engine/store/measuring/limit.js';
import { type Measured, summary } from '../../engine/store/measuring/limitRun.js';
import type { StepWrite, Store } from '../../engine/store/types.js';
import type { RecordState } from '../../engine/types.js';
import { step, unit } from '../engine/store/sampleSteps.js';
import { createTestStore } from '../engine/store/testStore.js';

const rounds = 5;
const idOf = (place: number): string => `00000000-0000-7000-8000-${String(place).padStart(12, '0')}`;

/** 1 KB of data, 0.9 KB of entry, 0.5 KB of values, a timer and an effect. */
function sample(id: string, before: RecordState | null, outbox = true): StepWrite {
  const version = (before?.version ?? 0) + 1;
  const data = { title: `Record ${id}`, description: 'It does not print. '.repeat(50), impact: 2, urgency: 3, version };
  const made = step(id, before, {
    record: {
      data,
      clocks: {
        resolution: {
          status: 'running',
          cycle: 1,
          counted: 0,
          since: 1,
          target: 14_400_000,
          calendar: 'support',
          dueAt: 2 + version,
          arrived: [],
          breachedAt: null,
        },
      },
    },
    columns: { team: 'desk', assignee: 'ada', priority: '2', due: 2 },
    paths:
      [
        ['active', 'active.working'],
        ['active', 'active.waiting'],
      ][version % 2] ?? [],
    timers: [{ key: `xstate.after.respond.${version % 2}`, kind: 'after', event: 'xstate.after.respond', dueAt: 1_800_000_000_000 + version }],
    outbox: [],
  });
  const text = JSON.stringify({ ...JSON.parse(made.entry.text), wishes: 'commitment '.repeat(70) });
  const values = JSON.stringify(
    Object.fromEntries(
      ['title', 'impact', 'urgency', 'assignee', 'team', 'priority'].map((field) => [`data.${field}`, ['0123456789abcdef0123456789abcdef', 'a value']]),
    ),
  );
  const effect = { type: 'notify', to: ['ada'], message: 'assigned', params: { number: made.record.number } } as const;
  const key = `${made.entry.hash}:0`;
  return { ...made, outbox: outbox ? [{ key, record: id, sequence: version, effect, createdAt: 1 }] : [], entry: { ...made.entry, text, values } };
}

async function measureStore(store: Store, callers: number, steps: number): Promise<Measured> {
  const states: RecordState[] = [];
  await Promise.all(
    Array.from({ length: callers }, async (_, place) => {
      const first = sample(idOf(place), null);
      await store.records.commit(unit(first));
      states[place] = first.record;
    }),
  );
  const waits: number[] = [];
  let left = steps;
  const began = monotonic();
  await Promise.all(
    states.map(async (first) => {
      let before = first;
      while (left > 0) {
        left -= 1;
        const next = prepared(before);
        const sent = monotonic();
        await store.records.commit(unit(next));
        waits.push(monotonic() - sent);
        before = next.record;
      }
    }),
  );
  return summary(waits, (monotonic() - began) / 1_000);
}

/** As cheap a next step as can be, so that the store is measured and not the sample: only chain, version and instants move. */
function prepared(before: RecordState): StepWrite {
  const version = before.version + 1;
  const model = models[version % 2] as StepWrite;
  const head = String(version).padStart(64, '0');
  return {
    ...model,
    expectedVersion: before.version,
    record: { ...model.record, id: before.id, number: before.number, version, head, updatedAt: model.record.updatedAt + version },
    entry: { ...model.entry, record: before.id, sequence: version, hash: head, previousHash: before.head },
    outbox: model.outbox.map((row) => ({ ...row, key: `${before.id}:${version}`, record: before.id, sequence: version })),
  };
}
const one = sample(idOf(0), null);
const two = sample(idOf(0), one.record);
const models = [two, sample(idOf(0), two.record)];

const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

async function round(callers: number): Promise<{ limit: Measured; store: Measured }> {
  const steps = Math.min(20_000, 1_000 * callers + 1_000);
  const { store, folder, drop } = await createTestStore();
  const path = join(folder, 'limit.sqlite');
  const limit = await measureLimit({ path, callers, steps, rows: models });
  if (existsSync(path)) {
    throw new Error('the limit left its file behind');
  }
  const measured = await measureStore(store, callers, steps);
  await drop();
  return { limit, store: measured };
}

describe('store against the raw driver', () => {
  bench(
    'ratio',
    async () => {
      for (const callers of [1, 16, 64]) {
        const seen = [];
        for (let count = 0; count < rounds; count += 1) {
          seen.push(await round(callers));
        }
        const limit = median(seen.map((each) => each.limit.perSecond));
        const store = median(seen.map((each) => each.store.perSecond));
        const ratio = median(seen.map((each) => each.store.perSecond / each.limit.perSecond));
        const p99 = median(seen.map((each) => each.store.p99));
        console.log(`callers ${callers}: limit ${limit.toFixed(0)}/s, store ${store.toFixed(0)}/s, ratio ${ratio.toFixed(2)}, p99 ${p99.toFixed(1)} ms`);
      }
    },
    { iterations: 1, warmupIterations: 0, time: 0, warmupTime: 0 },
  );
});
