/** Small processes with figures and evidence, one that measures, and fourteen months of their records. */
import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject } from '../../../engine/index.js';
import { startTestServer, type TestServer } from '../testServer.js';

const day = { type: 'string', format: 'date' };

const call: { readonly [file: string]: JsonObject } = {
  'statechart.json': {
    id: 'call',
    initial: 'open',
    states: {
      open: { meta: { title: 'Open' }, on: { SOLVE: { target: 'solved', meta: { form: ['solution', 'hours'] } } } },
      solved: { type: 'final', meta: { title: 'Solved' } },
    },
  },
  'form.json': {
    type: 'object',
    properties: { title: { type: 'string', title: 'Title' }, solution: { type: 'string', title: 'Solution' }, hours: { type: 'number', title: 'Hours' } },
  },
  'process.json': {
    key: 'call',
    title: 'Call',
    plural: 'Calls',
    group: 'Resolution',
    prefix: 'CAL',
    clauses: { 2018: ['8.6.1'], 2011: ['8.1'] },
    create: { form: ['title'] },
    columns: { title: 'title' },
    clocks: { work: { runs: { in: ['open'] }, stops: { in: ['solved'] }, target: 'P2D' } },
    kpis: {
      inTime: {
        title: 'Solved in time',
        description: 'Share of the solved calls whose clock stopped within two days.',
        unit: '%',
        target: 80,
        direction: 'up',
        measure: { percent: { '>=': [{ var: ['clocks.work.remaining', 0] }, 0] }, of: { in_state: 'solved' } },
      },
      hours: {
        title: 'Hours of work',
        unit: 'h',
        target: 5,
        direction: 'down',
        measure: { median: { var: ['record.hours', null] }, of: { in_state: 'solved' } },
      },
      count: { title: 'Calls', measure: { count: { present: { var: 'record.title' } } } },
      none: { title: 'Satisfaction', target: 4, direction: 'up', measure: { average: null } },
    },
    evidence: [
      {
        clause: { 2018: '8.6.1', 2011: '8.1' },
        title: 'Calls, and how they were solved',
        fields: ['title', 'solution'],
        when: { in_state: 'solved' },
        every: 'P1M',
      },
      { clause: { 2018: '9.1' }, title: 'Times measured', fields: ['hours'] },
    ],
  },
};
const check: { readonly [file: string]: JsonObject } = {
  'statechart.json': {
    id: 'check',
    initial: 'planned',
    states: { planned: { meta: { title: 'Planned' }, on: { HOLD: { target: 'held', meta: { form: ['heldOn'] } } } }, held: { meta: { title: 'Held' } } },
  },
  'form.json': { type: 'object', properties: { title: { type: 'string', title: 'Title' }, heldOn: { ...day, title: 'Held on' }, secret: { type: 'string' } } },
  'process.json': {
    key: 'check',
    title: 'Check',
    plural: 'Checks',
    group: 'Management system',
    prefix: 'CHK',
    clauses: { 2018: ['9.2', '8.5.1'], 2011: ['4.5.4.2'] },
    create: { form: ['title'] },
    read: { roles: ['internal-auditor'], named: ['createdBy'] },
    columns: { title: 'title' },
    evidence: [
      { clause: { 2018: '9.2.2' }, title: 'Checks held', when: { in_state: 'held' }, dated: 'heldOn', every: 'P1Y' },
      { clause: { 2018: '10.1', 2011: '4.5.5.1' }, title: 'What came of them', when: { present: { var: 'record.secret' } } },
    ],
  },
};
const rule: { readonly [file: string]: JsonObject } = {
  'statechart.json': { id: 'rule', initial: 'valid', states: { valid: { meta: { title: 'Valid' } } } },
  'process.json': { key: 'rule', title: 'Rule', plural: 'Rules', prefix: 'RUL', clauses: { 2018: ['5.2', '8.7.3'] } },
};

const figure = { process: { type: 'string' }, kpi: { type: 'string' }, title: { type: 'string' }, value: { type: 'number' }, met: { type: 'boolean' } };
const report: { readonly [file: string]: JsonObject } = {
  'statechart.json': {
    id: 'report',
    initial: 'measuring',
    states: {
      measuring: {
        meta: { title: 'Measuring' },
        entry: { type: 'measure', params: { kpis: ['call.inTime', 'call.hours', 'call.count', 'call.none'] } },
        on: { 'record.measured': { target: 'ready', actions: { type: 'set', params: { figures: { var: 'event.figures' } } } } },
      },
      ready: { meta: { title: 'Ready' } },
    },
  },
  'form.json': { type: 'object', properties: { figures: { type: 'array', title: 'Figures', readOnly: true, items: { type: 'object', properties: figure } } } },
  'process.json': { key: 'report', title: 'Report', plural: 'Reports', prefix: 'REP' },
};

const people = [
  { id: 'ada', name: 'Ada Lovelace', roles: ['service-desk'] },
  { id: 'vera', name: 'Vera Ledger', roles: ['auditor'] },
  { id: 'sam', name: 'Sam Manager', roles: ['sms-manager'] },
  { id: 'tom', name: 'Tom Top', roles: ['top-management'] },
];
const ada = { id: 'ada', roles: ['service-desk'], teams: [] };
const DAY = 86_400_000;

export async function startCoverageWorld(): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), 'charter-coverage-'));
  cpSync('rules', join(folder, 'rules'), { recursive: true });
  for (const [key, files] of Object.entries({ call, check, rule, report })) {
    mkdirSync(join(folder, 'processes', key), { recursive: true });
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, 'processes', key, name), JSON.stringify(content));
  }
  const server = await startTestServer({ at: '2025-01-10T09:00:00Z', processesDir: join(folder, 'processes'), rulesDir: join(folder, 'rules'), users: people });
  const faults = server.engine.folderProblems().problems.filter(({ severity }) => severity === 'error');
  if (faults.length > 0) throw new Error(JSON.stringify(faults));
  await server.engine.users();
  await live(server);
  return server;
}

/** Two calls a month, the second later than it may be now and then; one check, held once; and a rule. */
async function live({ engine, clock }: TestServer): Promise<void> {
  const held = (await engine.create({ process: 'check', data: { title: 'Check of the year' }, actor: ada })).record;
  await engine.send({ record: held.id, type: 'HOLD', data: { heldOn: '2025-01-20' }, actor: ada });
  const unheld = (await engine.create({ process: 'check', data: { title: 'Check without a day' }, actor: ada })).record;
  await engine.send({ record: unheld.id, type: 'HOLD', data: {}, actor: ada });
  await engine.create({ process: 'rule', data: {}, actor: ada });
  for (let month = 0; month < 13; month += 1) {
    for (const late of [false, month % 3 === 0]) {
      const { id } = (await engine.create({ process: 'call', data: { title: `Call ${month}` }, actor: ada })).record;
      await engine.advanceTo(clock.now() + (late ? 4 : 1) * DAY);
      await engine.send({ record: id, type: 'SOLVE', data: { ...(month === 5 ? {} : { solution: 'Restarted' }), hours: 2 + (month % 5) }, actor: ada });
    }
    await engine.advanceTo(clock.now() + 26 * DAY);
  }
  await engine.create({ process: 'report', data: {}, actor: ada });
  await engine.wake();
}
