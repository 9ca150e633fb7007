/** A store with real history: incidents with timers, clocks, comments, files and links, an order with approvals; all made through the engine. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createManualClock, type ManualClock } from '../../../engine/clock.js';
import { createEngine, type RunningEngine } from '../../../engine/createEngine.js';
import type { Actor, JsonObject } from '../../../engine/types.js';
import { copyShippedStore, MONDAY } from '../../shippedStore.js';

const HOUR = 3_600_000;

export interface World {
  readonly engine: RunningEngine;
  readonly clock: ManualClock;
  readonly folder: string;
  readonly database: string;
  /** Ids of records by a short name. */
  readonly ids: { readonly mail: string; readonly printer: string; readonly order: string };
  readonly people: { readonly rita: Actor; readonly ada: Actor; readonly alan: Actor; readonly root: Actor; readonly vera: Actor };
  /** The sequence of the first entry of this event in a record's history. */
  place(record: string, event: string): Promise<number>;
  version(record: string): Promise<number>;
  close(): Promise<void>;
}

const ROLES = {
  rita: ['employee'],
  ada: ['service-desk', 'support-agent', 'employee'],
  alan: ['service-owner', 'catalogue-manager', 'budget-approver', 'approver', 'employee'],
  root: ['administrator'],
  vera: ['auditor'],
} as const;

async function signUp(engine: RunningEngine): Promise<World['people']> {
  for (const id of ['service-desk', 'network']) await engine.people.saveTeam({ id, title: id, email: null });
  const people = Object.entries(ROLES).map(([id, roles]): Actor => ({ id, roles, teams: id === 'ada' ? ['service-desk', 'network'] : [] }));
  for (const { id, roles, teams } of people) {
    await engine.people.saveUser({
      id,
      name: id,
      email: null,
      passwordHash: null,
      roles,
      teams,
      zone: null,
      standIn: null,
      absentUntil: null,
      active: true,
      createdAt: MONDAY,
    });
  }
  await engine.users();
  return Object.fromEntries(people.map((actor) => [actor.id, actor])) as unknown as World['people'];
}

/** Whoever asks for it closes it. */
export async function incidentWorld(): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'charter-integrity-'));
  const clock = createManualClock(MONDAY);
  const database = join(folder, 'charter.sqlite');
  const { processesDir, rulesDir, url, drop } = await copyShippedStore(database, ['catalogue-item', 'incident', 'service', 'service-request']);
  const engine = await createEngine({
    databaseUrl: url,
    dataDir: folder,
    processesDir,
    rulesDir,
    clock,
    secretKey: 'a secret of the tests only',
  });
  const people = await signUp(engine);
  const ids = await work(engine, clock, people);
  const pages = (record: string) => engine.history(record, people.vera, { limit: 200 });
  return {
    engine,
    clock,
    folder,
    database,
    ids,
    people,
    place: async (record, event) => (await pages(record)).items.find((entry) => entry.event === event)?.sequence ?? 0,
    version: async (record) => (await engine.record(record, people.vera)).version,
    async close() {
      await engine.close();
      await drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function work(engine: RunningEngine, clock: ManualClock, people: World['people']): Promise<World['ids']> {
  const pass = (ms: number) => engine.advanceTo(clock.now() + ms);
  const open = async (actor: Actor, process: string, data: JsonObject) => (await engine.create({ process, data, actor })).record.id;
  const send = (record: string, type: string, data: JsonObject, actor: Actor) => engine.send({ record, type, data, actor });

  const mail = await open(people.rita, 'incident', {
    summary: 'Mail is not delivered',
    description: 'Since this morning.\nThree colleagues see the same.',
    impact: 'high',
    urgency: 'high',
  });
  await pass(HOUR / 6);
  await send(mail, 'ASSIGN', { team: 'network', assignee: 'ada' }, people.ada);
  await engine.comment({ record: mail, actor: people.ada, text: 'We are looking at the gateway.' });
  await engine.comment({ record: mail, actor: people.ada, text: 'Its certificate ran out.', internal: true });
  await engine.attach({ record: mail, actor: people.ada, name: 'gateway.log', type: 'text/plain', content: new TextEncoder().encode('expired\n'.repeat(50)) });
  const printer = await open(people.ada, 'incident', { summary: 'Printer jams', caller: 'Third floor', impact: 'low', urgency: 'low', team: 'service-desk' });
  await engine.link({ record: mail, actor: people.ada, name: 'related', to: printer });
  await pass(HOUR * 30);
  const item = await open(people.alan, 'catalogue-item', {
    title: 'Laptop',
    description: 'With everything that is needed.',
    owner: 'alan',
    price: 1450,
    approvalTable: [{ step: 'manager', from: 0 }],
    tasks: [{ title: 'Order the device', team: 'service-desk' }],
    deliveryTime: 'P5D',
  });
  await send(item, 'PUBLISH', {}, people.alan);
  const order = await open(people.rita, 'service-request', {
    item,
    title: 'Laptop for Barbara',
    manager: 'alan',
    recipient: 'rita',
    justification: 'She begins soon.',
  });
  await send(order, 'SUBMIT', { item, quantity: 1 }, people.rita);
  await pass(HOUR);
  await send(order, 'APPROVE', {}, people.alan);
  await pass(HOUR * 20);
  return { mail, printer, order };
}
