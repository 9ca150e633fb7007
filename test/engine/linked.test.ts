import { describe, expect, it } from 'vitest';
import { refusal, running } from './running.js';
import { processes, withProblem } from './twoProcesses.js';

describe('a record made by another', () => {
  it('is made and linked in the same step, both ways', async () => {
    const test = await withProblem();
    const { incident, problem, engine, ann } = test;
    expect(await test.look(problem)).toMatchObject({ number: 'PRB-000001', state: 'open', data: { title: 'Why: no mail' } });
    expect(await engine.links(incident, ann)).toMatchObject([{ name: 'cause', title: 'Cause', direction: 'out', record: { id: problem } }]);
    expect(await engine.links(problem, ann)).toMatchObject([{ name: 'cause', title: 'Incidents', direction: 'in', record: { id: incident } }]);
    expect((await engine.history(problem, ann, { limit: 5 })).items).toMatchObject([{ event: 'record.created', origin: 'record', actor: 'ann' }]);
    await test.sound();
  });

  it('keeps its maker from moving when it cannot be made', async () => {
    const test = await running({ processes });
    const { id } = await test.create('incident', { title: 'x' });
    expect((await refusal(test.send(id, 'LONG'))).code).toBe('DATA_INVALID');
    expect(await test.look(id)).toMatchObject({ version: 1, state: 'open' });
    expect((await test.engine.list({ processes: ['problem'], limit: 5 }, test.ann)).items).toEqual([]);
    await test.sound();
  });
});

describe('links', () => {
  it('are counted, made and removed, and refused with a reason', async () => {
    const test = await running({ processes });
    const [a, b] = [await test.create('incident'), await test.create('incident')];
    const link = (name: string, to: string, remove = false) => test.engine.link({ record: a.id, actor: test.ann, name, to, remove });
    await link('related', b.number);
    expect((await refusal(test.send(a.id, 'CLOSE'))).facts.reasons).toMatchObject([{ rule: 'alone' }]);
    const reasons: unknown[] = [];
    for (const work of [
      () => link('related', b.id),
      () => link('cause', b.id),
      () => link('nothing', b.id),
      () => link('related', a.id),
      () => link('related', 'INC-999999'),
      () => link('one', b.id, true),
    ]) {
      const error = await refusal(work());
      expect(error.code).toBe('LINK_REFUSED');
      reasons.push(error.facts.reason);
    }
    expect(reasons).toEqual([
      'the records are linked already',
      expect.stringContaining('no such record'),
      expect.stringContaining('declares no link'),
      expect.stringContaining('itself'),
      expect.stringContaining('no such record'),
      'the records are not linked',
    ]);
    await link('one', b.id);
    const c = await test.create('incident');
    expect((await refusal(link('one', c.id))).facts.reason).toContain('only one');
    for (const name of ['constructor', 'toString', '__proto__'])
      expect((await refusal(link(name, c.id))).facts.reason).toBe(`the process declares no link “${name}”`);
    await link('related', b.id, true);
    expect((await test.send(a.id, 'CLOSE')).record.state).toBe('closed');
    expect(await test.events(a.id)).toEqual(['record.created', 'record.link', 'record.link', 'record.unlink', 'CLOSE']);
    await test.sound();
  });

  it('are made and removed by actions too, and one that is not possible is left out', async () => {
    const test = await running({ processes });
    const [a, b] = [await test.create('incident'), await test.create('incident')];
    const linked = async () => (await test.engine.links(a.id, test.ann)).map((other) => other.record.number);
    await test.send(a.id, 'JOIN', { other: b.number });
    expect(await linked()).toEqual([b.number]);
    await test.send(a.id, 'JOIN', { other: 'INC-777777' });
    await test.send(a.id, 'PART', { other: b.number });
    expect(await linked()).toEqual([]);
    expect((await test.send(a.id, 'CLOSE')).record.state).toBe('closed');
    await test.sound();
  });
});
