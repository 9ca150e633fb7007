/** A small organisation at work: people, services, incidents and orders, all made through the engine while its clock moves. */
import { type Actor, EngineError, type JsonObject, type RunningEngine } from '../../engine/index.js';
import { startTestServer, type TestServer } from '../server/testServer.js';

/** What they work with; the pages of fifty processes take ten times as long to look at and are no different. */
const processes = ['catalogue-item', 'configuration-item', 'incident', 'service', 'service-request'];

const people = [
  { id: 'ada', name: 'Ada Lovelace', roles: ['service-desk', 'support-agent', 'employee'], teams: ['service-desk', 'network'], zone: 'Europe/Berlin' },
  { id: 'grace', name: 'Grace Hopper', roles: ['support-agent', 'incident-manager', 'major-incident-manager', 'employee'], teams: ['network'] },
  {
    id: 'alan',
    name: 'Alan Turing',
    roles: ['service-owner', 'catalogue-manager', 'configuration-manager', 'budget-approver', 'request-manager', 'approver', 'employee'],
    teams: [],
  },
  { id: 'rita', name: 'Rita Reader', roles: ['employee'], teams: [] },
  { id: 'root', name: 'Max Muster', roles: ['administrator'], teams: [] },
] as const;

export interface StaffWorld {
  readonly server: TestServer;
  /** Numbers of records by a short name. */
  readonly numbers: { readonly [name: string]: string };
}

function as(id: string): Actor {
  const row = people.find((one) => one.id === id);
  return { id, roles: row?.roles ?? [], teams: row?.teams ?? [] };
}

/** Says which field or rule refused, so that a changed process is mended here quickly. */
async function told<T>(what: string, work: Promise<T>): Promise<T> {
  return work.catch((error: unknown) => {
    throw error instanceof EngineError ? new Error(`${what}: ${error.code} ${JSON.stringify(error.facts)}`) : error;
  });
}

async function open(engine: RunningEngine, who: string, process: string, data: JsonObject): Promise<{ readonly id: string; readonly number: string }> {
  return (await told(`open ${process}`, engine.create({ process, data, actor: as(who) }))).record;
}

async function send(
  engine: RunningEngine,
  who: string,
  record: { readonly id: string },
  ...[type, data = {}]: readonly [type: string, data?: JsonObject]
): Promise<void> {
  await told(type, engine.send({ record: record.id, type, data, actor: as(who) }));
}

async function services(engine: RunningEngine): Promise<{ readonly mail: string; readonly vpn: string; readonly laptop: string }> {
  const ids: string[] = [];
  for (const name of ['Electronic mail', 'Remote access']) {
    const service = await open(engine, 'alan', 'service', {
      name,
      owner: 'alan',
      supportTeam: 'network',
      criticality: 'high',
      description: 'For everybody who works here.',
    });
    await send(engine, 'alan', service, 'GO_LIVE', { reviewOn: '2027-01-01T09:00:00.000Z' });
    ids.push(service.id);
  }
  const item = await open(engine, 'alan', 'catalogue-item', {
    title: 'Laptop for a new colleague',
    description: 'A laptop with everything that is needed on the first day.',
    owner: 'alan',
    price: 1450,
    approvalTable: [
      { step: 'manager', from: 0 },
      { step: 'budget', from: 1000 },
    ],
    questions: [
      { name: 'size', title: 'Which screen size?', type: 'text', required: true },
      { name: 'dock', title: 'With a docking station?', type: 'yes-no' },
    ],
    tasks: [
      { title: 'Order the device', team: 'service-desk' },
      { title: 'Install and hand over', team: 'network' },
    ],
    deliveryTime: 'P5D',
  });
  await send(engine, 'alan', item, 'PUBLISH', {});
  return { mail: ids[0] ?? '', vpn: ids[1] ?? '', laptop: item.id };
}

const summaries = [
  'Printer on the third floor jams',
  'Calendar shows the wrong day',
  'Cannot open shared folder',
  'Telephone has no dial tone',
  'Password reset does not arrive',
  'Screen flickers after update',
  'Slow file server in the morning',
  'Scanner sends empty pages',
];

async function incidents(server: TestServer, ids: { readonly mail: string; readonly vpn: string }): Promise<{ readonly [name: string]: string }> {
  const { engine, clock } = server;
  const working = await open(engine, 'rita', 'incident', {
    summary: 'Mail to customers is not delivered since this morning',
    description: 'Outgoing mail stays in the outbox.\nInternal mail arrives. Three colleagues see the same.',
    service: ids.mail,
    impact: 'high',
    urgency: 'high',
    category: 'Software',
    contactType: 'portal',
  });
  await engine.advanceTo(clock.now() + 600_000);
  await send(engine, 'ada', working, 'ASSIGN', { team: 'network', assignee: 'ada' });
  await engine.comment({ record: working.id, actor: as('ada'), text: 'Thank you for reporting. We are looking at the mail gateway now.' });
  await engine.comment({
    record: working.id,
    actor: as('ada'),
    text: 'Certificate of the gateway ran out at 06:00; asked the supplier for a new one.',
    internal: true,
  });
  await engine.advanceTo(clock.now() + 1_200_000);
  const transitions = await engine.transitions(working.id, as('ada'));
  if (transitions.some(({ type, available }) => type === 'START' && available)) await send(engine, 'ada', working, 'START');
  await engine.attach({
    record: working.id,
    actor: as('ada'),
    name: 'gateway-log.txt',
    type: 'text/plain',
    content: new TextEncoder().encode('certificate expired\n'.repeat(400)),
  });
  const related = await open(engine, 'ada', 'incident', {
    summary: 'Newsletter bounces',
    caller: 'Marketing',
    service: ids.mail,
    impact: 'medium',
    urgency: 'medium',
    team: 'network',
  });
  await engine.link({ record: working.id, actor: as('ada'), name: 'related', to: related.id });
  const waiting = await open(engine, 'rita', 'incident', {
    summary: 'Remote access drops every ten minutes',
    service: ids.vpn,
    impact: 'medium',
    urgency: 'high',
  });
  await send(engine, 'ada', waiting, 'ASSIGN', { team: 'network', assignee: 'ada' });
  for (const [index, summary] of summaries.entries()) {
    await engine.advanceTo(clock.now() + 300_000);
    await open(engine, 'ada', 'incident', {
      summary,
      caller: 'Floor walk',
      impact: index % 2 ? 'low' : 'medium',
      urgency: index % 3 ? 'low' : 'high',
      team: index % 2 ? 'service-desk' : 'network',
      category: 'Hardware',
    });
  }
  return { working: working.number, related: related.number, waiting: waiting.number };
}

async function order(server: TestServer, laptop: string): Promise<string> {
  const { engine } = server;
  const request = await open(engine, 'rita', 'service-request', {
    item: laptop,
    title: 'Laptop for Barbara',
    manager: 'alan',
    recipient: 'rita',
    justification: 'Barbara begins on the first of the month.',
  });
  const answers = [{ name: 'size', title: 'Which screen size?', type: 'text', required: true, value: '14 inch' }];
  await send(engine, 'rita', request, 'SUBMIT', { item: laptop, quantity: 1, answers });
  return request.number;
}

export async function startStaffWorld(): Promise<StaffWorld> {
  const server = await startTestServer({ users: people.map((row) => ({ ...row })), only: processes });
  await server.engine.people.saveTeam({ id: 'service-desk', title: 'Service desk', email: 'desk@example.org' });
  await server.engine.people.saveTeam({ id: 'network', title: 'Network team', email: null });
  await server.engine.users();
  const ids = await services(server.engine);
  const numbers = { ...(await incidents(server, ids)), request: await order(server, ids.laptop), draft: '' };
  const draft = await open(server.engine, 'rita', 'service-request', { item: ids.laptop, title: 'Second laptop', manager: 'alan', recipient: 'rita' });
  return { server, numbers: { ...numbers, draft: draft.number } };
}
