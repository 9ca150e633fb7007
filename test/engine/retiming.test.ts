import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MONDAY, testEngine } from './testEngine.js';

const HOUR = 3_600_000;
const day = [{ from: '08:00', to: '18:00' }];
const calendar = { kind: 'calendar', zone: 'UTC', week: { mon: day, tue: day, wed: day, thu: day, fri: day } };
const processes = {
  task: {
    'statechart.json': {
      id: 'task',
      initial: 'open',
      states: { open: { on: { CLOSE: 'closed' }, after: { soon: 'late' } }, late: { on: { CLOSE: 'closed' } }, closed: { type: 'final' } },
    },
    'rules.json': { delays: { soon: { business: 'PT20H', calendar: 'office' } } },
    'process.json': { key: 'task', clocks: { work: { runs: { in: ['open', 'late'] }, target: { business: 'PT12H', calendar: 'office' } } } },
  },
};

describe('a calendar that changes', () => {
  it('reaches open records at once: their clocks and timers are computed anew, and history says so', async () => {
    const { engine, user, folder } = await testEngine({ processes, rules: { 'reference/office.json': calendar } });
    const ann = await user('ann', []);
    const { record } = await engine.create({ process: 'task', data: {}, actor: ann });
    const done = await engine.create({ process: 'task', data: {}, actor: ann });
    await engine.send({ record: done.record.id, type: 'CLOSE', data: {}, actor: ann });
    await engine.wake();
    expect(record.clocks.work?.dueAt).toBe(MONDAY + 26 * HOUR);
    writeFileSync(join(folder, 'rules', 'reference', 'office.json'), JSON.stringify({ ...calendar, holidays: [{ date: '2026-03-03' }] }));
    await engine.readFolders();
    await engine.wake();
    const now = await engine.record(record.id, ann);
    expect(now.clocks.work?.dueAt).toBe(MONDAY + 50 * HOUR);
    expect((await engine.timers(record.id, ann)).map((timer) => timer.dueAt - MONDAY)).toEqual([50 * HOUR, 72 * HOUR]);
    expect((await engine.history(record.id, ann, { limit: 5 })).items.map((entry) => entry.title)).toEqual(['Created', 'Deadlines computed anew']);
    expect((await engine.record(done.record.id, ann)).version).toBe(2);
    await engine.wake();
    expect((await engine.record(record.id, ann)).version).toBe(2);
    expect((await engine.verify()).problems).toEqual([]);
  });
});
