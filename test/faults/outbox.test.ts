import { describe, expect, it, onTestFinished } from 'vitest';
import { type Clock, createEngine, type RunningEngine, systemClock } from '../../engine/index.js';
import { rowsBelow } from '../databases.js';
import { ann, Ledger, settleAccounts } from './ledger.js';
import { account, inRounds, patience } from './long.js';
import { newPlace, type StoreKind, stores } from './place.js';
import { type Manner, startTarget, type Target } from './targets.js';

const administrator = { id: 'ada', roles: ['administrator'], teams: [] };
const manners: readonly Manner[] = ['good', 'hangs', 'errs', 'twice', 'cut'];
const tell = (target: string) => ({ actions: { type: 'webhook', params: { target, body: { title: { var: 'record.title' } } } } });

/** Orders that tell other systems, and waits that time ends. */
const orderProcesses = {
  order: {
    'statechart.json': {
      id: 'order',
      initial: 'idle',
      on: {
        ...Object.fromEntries(manners.map((manner) => [manner.toUpperCase(), tell(manner)])),
        BOTH: { actions: [tell('hangs').actions, tell('good').actions] },
        SIGNAL: { actions: { type: 'signal', params: { event: 'TAKE', link: 'next' } } },
        'order.TAKE': { actions: { type: 'set', params: { taken: { '+': [{ var: ['record.taken', 0] }, { var: 'record.step' }] } } } },
      },
      states: {
        idle: { on: { WAIT: 'waiting' } },
        waiting: { after: { 50: { target: 'idle', actions: { type: 'set', params: { taken: { '+': [{ var: ['record.taken', 0] }, 1] } } } } } },
      },
    },
    'form.json': { type: 'object', properties: { title: { type: 'string' }, taken: { type: 'integer', default: 0 }, step: { type: 'integer', default: 1 } } },
    'process.json': { prefix: 'ORD', links: { next: { title: 'Next', to: ['order', 'poison'], many: true } }, create: { form: ['title', 'step'] } },
  },
  // Whatever happens to it by itself fails: nobody can divide by nothing.
  poison: {
    'statechart.json': {
      id: 'poison',
      initial: 'idle',
      on: { 'order.TAKE': { guard: 'impossible', actions: { type: 'set', params: { title: 'taken' } } } },
      states: {
        idle: { on: { WAIT: 'waiting' } },
        waiting: { after: { 50: { target: 'idle', guard: 'impossible' } } },
      },
    },
    'rules.json': { guards: { impossible: { '>': [{ '/': [1, { var: ['record.nothing', 0] }] }, 1] } } },
    'form.json': { type: 'object', properties: { title: { type: 'string' }, nothing: { type: 'number', default: 0 } } },
    'process.json': { prefix: 'PSN' },
  },
};

interface World {
  readonly engine: RunningEngine;
  readonly target: Target;
  readonly ledger: Ledger;
  close(): Promise<void>;
  /** Lets this much time have passed, for the engine alone. */
  skip(ms: number): void;
  order(title: string): Promise<string>;
  /** How often the effect of a record was tried in vain, as the store has it. */
  tried(record: string): Promise<number>;
  send(record: string, type: string): Promise<void>;
}

async function begin(kind: StoreKind): Promise<World> {
  const place = await newPlace(kind, orderProcesses);
  let ahead = 0;
  const clock: Clock = { kind: 'system', now: () => systemClock.now() + ahead };
  const engine = await createEngine({ ...place.options, clock });
  const target = await startTarget();
  let closing: Promise<void> | null = null;
  const close = (): Promise<void> => (closing ??= target.close().then(() => engine.close()));
  onTestFinished(close);
  for (const manner of manners) await engine.store.setMeta(`webhook:${manner}`, target.url(manner));
  const ledger = new Ledger();
  return {
    engine,
    target,
    ledger,
    close,
    skip: (ms) => {
      ahead += ms;
    },
    async order(title) {
      const made = await engine.create({ process: 'order', data: { title }, actor: ann });
      ledger.took(made);
      return made.record.id;
    },
    async tried(record) {
      const [row] = await rowsBelow<{ attempts: number }>(place.databaseUrl, `SELECT attempts FROM outbox WHERE record = '${record}' AND status = 'waiting'`);
      return Number(row?.attempts ?? 0);
    },
    async send(record, type) {
      ledger.took(await engine.send({ record, type, data: {}, actor: ann }));
    },
  };
}

const state = async ({ engine }: World, record: string): Promise<unknown> => (await engine.record(record, ann)).state;
const patient = { timeout: 8_000 };

describe.each(stores)('a system outside that misbehaves, told from $name', (kind) => {
  it(
    'gets everything at least once under one key; what hangs or errs holds up nothing else, is tried again later, and then parked',
    async () => {
      await inRounds(1, async () => {
        const world = await begin(kind);
        const { engine, target, ledger } = world;
        const hanging = await Promise.all(Array.from({ length: 40 }, (_, index) => world.order(`hanging ${index}`)));
        for (const record of hanging) await world.send(record, 'HANGS');
        const [mixed, other, broken] = [await world.order('mixed'), await world.order('other'), await world.order('broken')];
        await world.send(mixed, 'BOTH');
        await world.send(other, 'WAIT');
        for (const event of ['GOOD', 'TWICE', 'CUT']) await world.send(other, event);
        await world.send(broken, 'ERRS');
        engine.start();
        await expect.poll(() => target.hanging(), patient).toBeGreaterThan(0);
        // All the while those requests hang.
        await expect.poll(() => state(world, other), patient).toBe('idle');
        await expect.poll(() => target.keys('good').length, patient).toBe(2);
        await expect.poll(() => [target.keys('twice').length, target.keys('errs').length], patient).toEqual([1, 1]);
        expect(target.hanging()).toBeGreaterThan(0);
        expect(target.hanging()).toBeLessThanOrEqual(16);
        for (const wait of [1, 10, 60, 600, 3_600]) {
          const tries = target.keys('errs').length;
          // The wait counts from when the failure was noted, which is a little after the target was asked.
          await expect.poll(() => world.tried(broken), patient).toBe(tries);
          world.skip(wait * 1_000);
          await expect.poll(() => target.keys('errs').length, patient).toBe(tries + 1);
        }
        await expect.poll(async () => (await engine.parked()).effects.map(({ record }) => record), patient).toEqual([broken]);
        expect(new Set(target.keys('errs')).size).toBe(1);
        await expect.poll(() => target.keys('cut').length, patient).toBe(2);
        expect(new Set(target.keys('cut')).size).toBe(1);
        const tries = target.keys('errs').length;
        const [parked] = (await engine.parked()).effects;
        await engine.retry({ effect: parked?.key ?? '' }, administrator);
        await expect.poll(() => target.keys('errs').length, patient).toBe(tries + 1);
        const { history: _, ...found } = await settleAccounts(engine, ledger);
        account(`misbehaving targets, ${kind.name}`, { kills: 0, ...found, hung: target.keys('hangs').length, tried: tries + 1 });
        await world.close();
      });
    },
    patience(10),
  );

  it(
    'and poison within, whose steps always fail, is parked while the rest flows',
    async () => {
      const world = await begin(kind);
      const { engine, ledger } = world;
      const make = async (process: string, data: object): Promise<string> => {
        const made = await engine.create({ process, data: { ...data }, actor: ann });
        ledger.took(made);
        return made.record.id;
      };
      const [timed, told] = [await make('poison', { title: 'a timer that fails' }), await make('poison', { title: 'fails when it is told' })];
      const [teller, other, well] = [await world.order('tells poison'), await world.order('tells the well one'), await world.order('well')];
      for (const [record, to] of [
        [teller, told],
        [other, well],
      ] as const)
        ledger.took(await engine.link({ record, name: 'next', to, actor: ann }));
      for (const record of [timed, well]) await world.send(record, 'WAIT');
      for (const record of [teller, other]) await world.send(record, 'SIGNAL');
      world.skip(1_000);
      engine.start();
      await expect.poll(async () => (await engine.record(well, ann)).data.taken, patient).toBe(2);
      const parked = async () => {
        const { timers, effects } = await engine.parked();
        return [timers.map(({ record }) => record), effects.map(({ record }) => record)];
      };
      await expect.poll(parked, patient).toEqual([[timed], []]);
      for (const wait of [1, 10, 60, 600, 3_600]) {
        world.skip(wait * 1_000);
        await engine.wake();
      }
      expect(await parked()).toEqual([[timed], [teller]]);
      expect((await engine.parked()).timers[0]?.reason).toContain('impossible');
      const { history: _, ...found } = await settleAccounts(engine, ledger);
      account(`poison, ${kind.name}`, { kills: 0, ...found, parked: 2 });
    },
    patience(5),
  );
});
