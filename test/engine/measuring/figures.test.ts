import { describe, expect, it } from 'vitest';
import { DAY, HOUR, type Running, refusal, running } from '../running.js';
import { job, report } from './processes.js';

const roles = { 'policy/roles.json': { kind: 'roles', roles: { chief: { title: 'Chief' }, clerk: { title: 'Clerk' } } } };
const world = () => running({ processes: { job, report }, rules: roles });
const clerk = { id: 'carl', roles: ['clerk'], teams: [] };
const chief = { id: 'chris', roles: ['chief'], teams: [] };

/** Three jobs of March (closed in time, closed late, dropped) and one of April that is still open. */
async function someJobs({ create, send, wait, engine, ann }: Running) {
  const first = await create('job', { title: 'one', hours: 2 });
  const second = await create('job', { title: 'two', hours: 4 });
  const third = await create('job', { title: 'three' });
  await wait(HOUR);
  await send(first.id, 'CLOSE');
  await send(third.id, 'DROP');
  await wait(3 * DAY);
  await send(second.id, 'CLOSE');
  await wait(30 * DAY);
  const fourth = await create('job', { title: 'four', hours: 9, secret: true });
  await engine.link({ record: first.id, name: 'parts', to: fourth.number, actor: ann });
}

describe('figures of a process', () => {
  it('are worked out from its records and their history: shares, counts, medians, averages, sums', async () => {
    const test = await world();
    await someJobs(test);
    const { records, figures } = await test.engine.kpis({ process: 'job' }, chief);
    expect(records).toBe(4);
    expect(figures.map(({ kpi, value, met, count, failed }) => [kpi, value, met, count, failed])).toEqual([
      ['inTime', 50, false, 2, 0],
      ['dropped', 1, true, 1, 0],
      ['middle', 4, true, 3, 0],
      ['mean', 3, null, 2, 0],
      ['total', 15, null, 3, 0],
      ['parts', 1, null, 1, 0],
      ['secret', 1, null, 1, 0],
    ]);
    expect(figures[0]).toMatchObject({ title: 'In time', description: 'Closed within two days.', unit: '%', target: 75, direction: null });
    expect(figures[4]?.months).toEqual([
      { month: '2026-03', value: 6, met: null, count: 2 },
      { month: '2026-04', value: 9, met: null, count: 1 },
    ]);
  });

  it('count the records that were opened in the period, its end not included', async () => {
    const test = await world();
    await someJobs(test);
    const of = async (from?: string, to?: string) => {
      const span = { ...(from ? { from: Date.parse(from) } : {}), ...(to ? { to: Date.parse(to) } : {}) };
      const { records, figures } = await test.engine.kpis({ process: 'job', ...span }, chief);
      return [records, figures.find(({ kpi }) => kpi === 'total')?.value];
    };
    expect(await of('2026-04-01')).toEqual([1, 9]);
    expect(await of(undefined, '2026-04-01')).toEqual([3, 6]);
    expect(await of('2026-03-02T09:00:00Z', '2026-03-02T09:00:00Z')).toEqual([0, 0]);
  });

  it('are empty, not nought, where nothing can be said; what is counted or summed is nought', async () => {
    const { engine } = await world();
    const { figures } = await engine.kpis({ process: 'job' }, chief);
    expect(figures.map(({ kpi, value, met }) => [kpi, value, met])).toEqual([
      ['inTime', null, null],
      ['dropped', 0, true],
      ['middle', null, null],
      ['mean', null, null],
      ['total', 0, null],
      ['parts', 0, null],
      ['secret', 0, null],
    ]);
  });

  it('are for those who may read the whole process, without those that rest on what is kept from them', async () => {
    const { engine, ann } = await world();
    expect((await refusal(engine.kpis({ process: 'job' }, ann))).code).toBe('FORBIDDEN');
    expect((await refusal(engine.kpis({ process: 'none' }, chief))).code).toBe('PROCESS_NOT_FOUND');
    const names = async (actor: typeof chief) => (await engine.kpis({ process: 'job' }, actor)).figures.map(({ kpi }) => kpi);
    expect(await names(clerk)).not.toContain('secret');
    expect(await names(chief)).toContain('secret');
    expect(await names({ id: 'aud', roles: ['auditor'], teams: [] })).not.toContain('secret');
  });

  it('are of all records, however many pages of them there are, and follow every change', async () => {
    const { engine, create, send } = await world();
    const jobs = await Promise.all(Array.from({ length: 450 }, (_, index) => create('job', { title: `${index}`, hours: 1 })));
    const total = async () => (await engine.kpis({ process: 'job' }, chief)).figures.find(({ kpi }) => kpi === 'total');
    expect(await total()).toMatchObject({ value: 450, count: 450 });
    expect(await total()).toMatchObject({ value: 450 });
    await send(jobs[3]?.id ?? '', 'EDIT', { hours: 11 });
    expect(await total()).toMatchObject({ value: 460 });
  });

  it('leave out and number the records for which a rule fails', async () => {
    const kpis = { rate: { title: 'Rate', measure: { average: { '/': [100, { var: ['record.hours', 0] }] } } } };
    const faulty = { ...job, 'process.json': { ...job['process.json'], kpis } };
    const { engine, create } = await running({ processes: { job: faulty as typeof job }, rules: roles });
    await create('job', { title: 'one', hours: 0 });
    await create('job', { title: 'two', hours: 4 });
    expect((await engine.kpis({ process: 'job' }, chief)).figures[0]).toMatchObject({ value: 25, count: 1, failed: 1 });
  });
});

describe('the action measure', () => {
  it('sends the record its figures once, in the order asked for; what nobody declares stays empty', async () => {
    const test = await world();
    const { create, send, wait, events, look, sound, engine } = test;
    await someJobs(test);
    const { id } = await create('report', { from: '2026-03-01', to: '2026-03-31' });
    await send(id, 'MEASURE');
    await wait(1);
    expect(await events(id)).toEqual(['record.created', 'MEASURE', 'record.measured']);
    const { items } = await engine.history(id, test.ann, { limit: 5, direction: 'desc' });
    expect(items[0]).toMatchObject({ title: 'Figures measured', actor: 'system', origin: 'system' });
    const { paths, data } = await look(id);
    expect(paths).toEqual(['ready']);
    expect(data.figures).toEqual([
      { process: 'job', kpi: 'total', title: 'Hours', value: 6, unit: 'h', count: 2 },
      { process: 'job', kpi: 'inTime', title: 'In time', value: 50, unit: '%', target: 75, met: false, count: 2 },
      { process: 'job', kpi: 'none', title: 'none', value: null, count: 0 },
      { process: 'nobody', kpi: 'any', title: 'any', value: null, count: 0 },
    ]);
    await wait(DAY);
    expect(await events(id)).toHaveLength(3);
    expect((await engine.parked()).effects).toEqual([]);
    await sound();
  });

  it('takes the last day of a period whole', async () => {
    const { create, send, wait, look } = await world();
    await create('job', { title: 'one', hours: 5 });
    const { id } = await create('report', { from: '2026-03-02', to: '2026-03-02' });
    await send(id, 'MEASURE');
    await wait(1);
    expect((await look(id)).data.figures).toMatchObject([{ kpi: 'total', value: 5 }, {}, {}, {}]);
  });

  it('keeps the figures as they were when they were measured, whatever becomes of the records', async () => {
    const { create, send, wait, again } = await world();
    const one = await create('job', { title: 'one', hours: 5 });
    const { id } = await create('report');
    await send(id, 'MEASURE');
    await wait(1);
    await send(one.id, 'EDIT', { hours: 50 });
    const later = await again();
    expect((await later.look(id)).data.figures).toMatchObject([{ kpi: 'total', value: 5 }, {}, {}, {}]);
    await later.sound();
  });

  it('is recorded where the chart does not wait for it, and lost on a record that is finished', async () => {
    const { create, send, wait, events, engine, sound } = await world();
    const { id } = await create('report');
    await send(id, 'MEASURE');
    await wait(1);
    await send(id, 'AGAIN');
    await wait(1);
    expect((await events(id)).slice(-2)).toEqual(['AGAIN', 'record.measured']);
    const gone = await create('report');
    await send(gone.id, 'ABANDON');
    await wait(1);
    expect(await events(gone.id)).toEqual(['record.created', 'ABANDON']);
    expect((await engine.parked()).effects).toEqual([]);
    await sound();
  });

  it('ends when a chart measures whenever it was measured', async () => {
    const { create, send, wait, engine, events } = await world();
    const { id, number } = await create('report');
    await send(id, 'LOOP');
    await wait(HOUR);
    const { effects } = await engine.parked();
    expect(effects).toHaveLength(1);
    expect(effects[0]?.lastError).toContain('SIGNAL_CIRCULAR');
    expect(effects[0]?.lastError).toContain(number);
    expect((await events(id)).length).toBeLessThan(6);
  });
});
