import { describe, expect, it } from 'vitest';
import type { Actor } from '../../../engine/types.js';
import { DAY, HOUR, refusal, running } from '../running.js';
import { job, report } from './processes.js';

const roles = { 'policy/roles.json': { kind: 'roles', roles: { chief: { title: 'Chief' }, clerk: { title: 'Clerk' } } } };
const world = () => running({ processes: { job, report }, rules: roles });
const chief = { id: 'chris', roles: ['chief'], teams: [] };

describe('evidence', () => {
  it('counts the records that prove an entry and those that would with their fields filled in', async () => {
    const { engine, create, send } = await world();
    const full = await create('job', { title: 'one', note: 'done well' });
    const bare = await create('job', { title: 'two' });
    await create('job', { title: 'three', note: 'still open' });
    for (const { id } of [full, bare]) await send(id, 'CLOSE');
    const [done, any, dropped] = (await engine.coverage()).evidence;
    expect(done).toMatchObject({ process: 'job', index: 0, title: 'Jobs done', every: 'P1M', complete: 1, incomplete: 1, failed: 0, overdueSince: null });
    expect(done?.newest).toEqual({ id: full.id, number: full.number, at: full.createdAt });
    expect(any).toMatchObject({ complete: 3, incomplete: 0, clause: { 2018: '9.1' } });
    expect(dropped).toMatchObject({ complete: 0, incomplete: 0, newest: null, overdueSince: null });
  });

  it('is overdue once the newest record is older than it may be', async () => {
    const { engine, create, send, wait } = await world();
    const { id } = await create('job', { title: 'one', note: 'done' });
    await send(id, 'CLOSE');
    await wait(30 * DAY);
    expect((await engine.coverage()).evidence[0]?.overdueSince).toBeNull();
    await wait(DAY + HOUR);
    expect((await engine.coverage()).evidence[0]?.overdueSince).toBe(Date.UTC(2026, 3, 2, 9));
    const next = await create('job', { title: 'two', note: 'done' });
    await send(next.id, 'CLOSE');
    expect((await engine.coverage()).evidence[0]).toMatchObject({ complete: 2, overdueSince: null });
  });

  it('goes by the date a field names, which must then be filled in', async () => {
    const dated = { clause: { 2018: '9.1' }, title: 'Jobs done', dated: 'doneAt', every: 'P1M' };
    const process = { ...job, 'process.json': { ...job['process.json'], evidence: [dated] } } as typeof job;
    const { engine, create, send, wait } = await running({ processes: { job: process }, rules: roles });
    const [first, second] = [await create('job', { title: 'one' }), await create('job', { title: 'two' })];
    await send(first.id, 'EDIT', { doneAt: '2026-03-02T12:00:00Z' });
    expect((await engine.coverage()).evidence).toMatchObject([{ complete: 1, incomplete: 1, newest: { id: first.id, at: Date.UTC(2026, 2, 2, 12) } }]);
    await wait(40 * DAY);
    expect((await engine.coverage()).evidence[0]?.overdueSince).toBe(Date.UTC(2026, 3, 2, 12));
    await send(first.id, 'EDIT', { doneAt: '2026-04-05T12:00:00Z' });
    expect((await engine.coverage()).evidence[0]).toMatchObject({ overdueSince: null, newest: { number: first.number } });
    expect((await engine.evidence({ process: 'job', index: 0, standing: 'incomplete', limit: 5 }, chief)).items).toMatchObject([
      { record: { id: second.id }, missing: ['doneAt'] },
    ]);
  });

  it('gives the records behind an entry to those who may read them, with what is missing', async () => {
    const { engine, create, send, ann, user } = await world();
    const bob = await user('bob', []);
    const first = await create('job', { title: 'one' });
    const second = await create('job', { note: 'x' }, bob);
    for (const { id } of [first, second]) await send(id, 'CLOSE', {}, chief);
    const look = async (actor: Actor, limit = 10) => {
      const { items, more } = await engine.evidence({ process: 'job', index: 0, standing: 'incomplete', limit }, actor);
      return { items: items.map(({ record, missing }) => [record.number, missing]), more };
    };
    expect(await look(chief)).toEqual({
      items: [
        [second.number, ['title']],
        [first.number, ['note']],
      ],
      more: false,
    });
    expect(await look(chief, 1)).toEqual({ items: [[second.number, ['title']]], more: true });
    expect(await look(ann)).toEqual({ items: [[first.number, ['note']]], more: false });
    expect((await engine.evidence({ process: 'job', index: 0, standing: 'complete', limit: 5 }, chief)).items).toEqual([]);
    expect((await refusal(engine.evidence({ process: 'job', index: 9, standing: 'complete', limit: 5 }, chief))).code).toBe('NOT_FOUND');
  });
});
