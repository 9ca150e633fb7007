import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../engine/definitions/authored.js';
import { testEngine } from '../testEngine.js';

describe('the shipped processes', () => {
  it('declare figures that can be worked out, and evidence by clauses of the list', async () => {
    const { engine } = await testEngine();
    const auditor = { id: 'vera', roles: ['auditor'], teams: [] };
    const { processes, evidence } = await engine.coverage();
    const { entries } = engine.reference().clauses as unknown as { entries: { id: string; heading?: boolean }[] };
    const known = new Set(entries.map(({ id }) => id));
    const strange = evidence.filter(({ clause }) => !within(clause['2018'] ?? '4', known)).map(({ process, clause }) => `${process} ${clause['2018']}`);
    expect(strange).toEqual([]);
    const proven = evidence.map(({ clause }) => clause['2018'] ?? '');
    const wanting = entries.filter(({ id, heading }) => heading !== true && !proven.some((number) => within(number, new Set([id]))));
    expect(wanting, 'clauses that no evidence speaks of').toEqual([]);
    for (const { key } of processes) {
      const { figures } = await engine.kpis({ process: key }, auditor);
      expect([key, figures.length > 0, figures.filter(({ failed }) => failed > 0)]).toEqual([key, true, []]);
    }
  }, 300_000);

  it('measure each other: a service report gets the figures of its period, once, and keeps them', async () => {
    const { engine, user, clock } = await testEngine();
    const lena = await user('lena', ['service-level-manager', 'service-desk']);
    for (const impact of ['high', 'low'])
      await engine.create({
        process: 'incident',
        data: { summary: 'Mail is slow', caller: 'Walk-in', contactType: 'phone', impact, urgency: 'low' },
        actor: lena,
      });
    const day = new Date(clock.now()).toISOString().slice(0, 10);
    const data = {
      title: 'Services, first days of March',
      kind: 'services',
      from: day,
      to: day,
      purpose: 'Shows whether services were as agreed',
      owner: 'lena',
    };
    const { id } = (await engine.create({ process: 'service-report', data, actor: lena })).record;
    await engine.send({ record: id, type: 'MEASURE', data: {}, actor: lena });
    await engine.wake();
    const record = await engine.record(id, lena);
    expect(record.paths).toContain('writing');
    const figures = record.data.figures as readonly JsonObject[];
    expect(figures[0]).toMatchObject({ process: 'incident', kpi: 'resolvedInTime', value: null, target: 90, count: 0 });
    expect(figures.find(({ kpi }) => kpi === 'majorIncidents')).toMatchObject({ value: 0 });
    expect(figures.every(({ title }) => typeof title === 'string' && title !== '')).toBe(true);
    const { problems, warnings } = await engine.verify({ record: id });
    expect([...problems, ...warnings]).toEqual([]);
  }, 300_000);
});

/** Whether the number or a clause around it is known. */
function within(number: string, known: ReadonlySet<string>): boolean {
  return known.has(number) || (number.includes('.') && within(number.slice(0, number.lastIndexOf('.')), known));
}
