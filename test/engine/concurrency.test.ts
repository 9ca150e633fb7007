import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { EngineError } from '../../engine/errors.js';
import { logForm, note, refusal, running } from './running.js';

const counter = {
  'statechart.json': {
    id: 'counter',
    initial: 'even',
    on: { SET: { meta: { form: ['title'] } } },
    states: {
      even: { on: { STEP: { target: 'odd', actions: note('o') } } },
      odd: { on: { STEP: { target: 'even', actions: note('e') }, END: 'ended' } },
      ended: { type: 'final' },
    },
  },
  'form.json': { type: 'object', properties: { ...logForm.properties, title: { type: 'string' } } },
};
const key = (scope: string, body: unknown = '') => ({ idempotency: { scope, bodyHash: createHash('sha256').update(JSON.stringify(body)).digest('hex') } });

describe('a request under an idempotency key', () => {
  it('has one effect, however often and however close together it is sent', async () => {
    const test = await running({ processes: { counter } });
    const create = () => test.engine.create({ process: 'counter', data: { title: 'one' }, actor: test.ann, ...key('ann POST /records 1') });
    const made = await Promise.all(Array.from({ length: 20 }, create));
    expect(new Set(made.map((result) => result.record.id)).size).toBe(1);
    expect(made.filter((result) => !result.replayed)).toHaveLength(1);
    const { id } = made[0]?.record ?? { id: '' };
    const step = () => test.engine.send({ record: id, type: 'STEP', data: {}, actor: test.ann, ...key('ann POST /events 2') });
    const sent = await Promise.all(Array.from({ length: 20 }, step));
    expect(new Set(sent.map((result) => `${result.entry.sequence} ${result.entry.hash}`)).size).toBe(1);
    expect(await test.look(id)).toMatchObject({ version: 2, state: 'odd' });
    await test.sound();
  });

  it('gets the first answer again after a restart, and for seven days', async () => {
    let test = await running({ processes: { counter } });
    const { id } = await test.create('counter');
    const send = () => test.engine.send({ record: id, type: 'STEP', data: {}, actor: test.ann, ...key('k') });
    const first = await send();
    await test.send(id, 'STEP');
    test = await test.again();
    await test.wait(6 * 86_400_000);
    expect(await send()).toEqual({ ...first, replayed: true });
    await test.wait(2 * 86_400_000);
    expect((await send()).record.version).toBe(4);
  });

  it('is refused with another body, and keeps nothing of what was refused', async () => {
    const test = await running({ processes: { counter } });
    const { id } = await test.create('counter');
    const send = (type: string, body: unknown) => test.engine.send({ record: id, type, data: {}, actor: test.ann, ...key('same', body) });
    expect((await refusal(send('END', 1))).code).toBe('EVENT_NOT_ACCEPTED');
    expect((await send('STEP', 2)).record.state).toBe('odd');
    expect((await refusal(send('STEP', 3))).code).toBe('IDEMPOTENCY_MISMATCH');
    expect((await test.look(id)).version).toBe(2);
  });

  it('holds for comments, links and attachments too', async () => {
    const test = await running({ processes: { counter } });
    const { id } = await test.create('counter');
    for (let n = 0; n < 3; n += 1) {
      await test.engine.comment({ record: id, text: 'once', actor: test.ann, ...key('comment') });
      await test.engine.attach({ record: id, name: 'a.txt', type: 'text/plain', content: new Uint8Array([1, 2]), actor: test.ann, ...key('attach') });
    }
    expect(await test.events(id)).toEqual(['record.created', 'record.comment', 'record.attachment']);
  });
});

describe('two who change the same record', () => {
  it('the second is told who changed what, and nothing of his is lost or taken', async () => {
    const test = await running({ processes: { counter } });
    const bob = await test.user('bob', []);
    const { id, version } = await test.create('counter', { title: 'old' });
    await test.engine.send({ record: id, type: 'SET', data: { title: 'by bob' }, actor: bob, version });
    const error = await refusal(test.engine.send({ record: id, type: 'SET', data: { title: 'by ann' }, actor: test.ann, version }));
    expect(error.code).toBe('VERSION_STALE');
    expect(error.facts).toMatchObject({ sent: 1, current: 2, changes: [{ sequence: 2, actor: 'bob', event: 'SET', fields: { title: ['old', 'by bob'] } }] });
    expect((await test.look(id)).data.title).toBe('by bob');
    expect((await test.engine.send({ record: id, type: 'SET', data: { title: 'by ann' }, actor: test.ann, version: 2 })).record.version).toBe(3);
  });

  it('of fifty at once with the same version one succeeds', async () => {
    const test = await running({ processes: { counter } });
    const { id, version } = await test.create('counter');
    const results = await Promise.allSettled(
      Array.from({ length: 50 }, (_, n) => test.engine.send({ record: id, type: 'SET', data: { title: `${n}` }, actor: test.ann, version })),
    );
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
    for (const result of results) if (result.status === 'rejected') expect((result.reason as EngineError).code).toBe('VERSION_STALE');
    expect((await test.look(id)).version).toBe(2);
    await test.sound();
  });

  it('fifty clients and a thousand events on one record make one legal path, with one entry for each acknowledgement (F8)', async () => {
    const test = await running({ processes: { counter } });
    const { id } = await test.create('counter');
    const acknowledged: { sequence: number; hash: string }[] = [];
    let refused = 0;
    const client = async (n: number) => {
      for (let sent = 0; sent < 20; sent += 1) {
        const work =
          n % 5 === 0
            ? test.engine.comment({ record: id, text: `${n} ${sent}`, actor: test.ann })
            : test.engine.send({
                record: id,
                type: 'STEP',
                data: {},
                actor: test.ann,
                ...(n % 5 === 1 ? { version: acknowledged.at(-1)?.sequence ?? 1 } : {}),
              });
        await work.then(
          (result) => void acknowledged.push(result.entry),
          (error: EngineError) => {
            expect([error.code, n % 5], JSON.stringify(error.facts)).toEqual(['VERSION_STALE', 1]);
            refused += 1;
          },
        );
      }
    };
    await Promise.all(Array.from({ length: 50 }, (_, n) => client(n)));
    expect(acknowledged.length + refused).toBe(1000);
    expect(acknowledged.length).toBeGreaterThan(750);
    const entries: { sequence: number; hash: string; previousHash: string; from: unknown; to: unknown }[] = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page = await test.engine.history(id, test.ann, { limit: 200, ...(cursor ? { cursor } : {}) });
      entries.push(...page.items);
      cursor = page.next;
    }
    expect(
      entries
        .slice(1)
        .map((entry) => `${entry.sequence} ${entry.hash}`)
        .sort(),
    ).toEqual(acknowledged.map((entry) => `${entry.sequence} ${entry.hash}`).sort());
    entries.forEach((entry, index) => {
      expect(entry.sequence).toBe(index + 1);
      if (index > 0) expect([entry.previousHash, entry.from]).toEqual([entries[index - 1]?.hash, entries[index - 1]?.to]);
    });
    await test.sound();
  }, 60_000);
});

describe('commands that share a commit', () => {
  it('a conflict fails its own caller only', async () => {
    const test = await running({ processes: { counter } });
    const records = await Promise.all(Array.from({ length: 30 }, () => test.create('counter')));
    const [victim] = records;
    // Moved below the engine's memory, as another process would.
    const other = await test.again();
    await other.send(victim?.id ?? '', 'STEP');
    const results = await Promise.allSettled(records.map(({ id }) => other.engine.send({ record: id, type: 'STEP', data: {}, actor: other.ann, version: 1 })));
    expect(results.map((result) => result.status)).toEqual(records.map((_, index) => (index === 0 ? 'rejected' : 'fulfilled')));
    await other.sound();
  });

  it('keep their order on one record, each decided on the one before', async () => {
    const test = await running({ processes: { counter } });
    const { id } = await test.create('counter');
    const results = await Promise.all(Array.from({ length: 9 }, () => test.send(id, 'STEP')));
    expect(results.map((result) => [result.entry.sequence, result.record.state])).toEqual(
      [2, 3, 4, 5, 6, 7, 8, 9, 10].map((sequence) => [sequence, sequence % 2 === 0 ? 'odd' : 'even']),
    );
  });
});
