/** Fills an empty store with the demonstration: through the engine, under a simulated clock, timers firing on the way. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Actor,
  createEngine,
  createManualClock,
  EngineError,
  type EngineOptions,
  type Json,
  type JsonObject,
  type RunningEngine,
  systemClock,
} from '../../engine/index.js';
import { createPasswords, generatePassword } from '../auth/passwords.js';
import { type PlannedStep, planStories, resolve } from './plan.js';
import type { Demonstration } from './story.js';

export interface SignIn {
  readonly name: string;
  readonly password: string;
  readonly role: string;
}

const DAY = 86_400_000;

/** @returns the sign-ins that were made, or null when the store is not empty. Passwords are drawn anew each time. */
export async function loadDemonstration(options: EngineOptions): Promise<readonly SignIn[] | null> {
  const demo = await readDemonstration(options.processesDir);
  const now = systemClock.now();
  const from = Math.floor(now / DAY) * DAY - demo.days * DAY;
  const engine = await createEngine({ ...options, clock: createManualClock(from + DAY / 3), smtpUrl: null, watch: false });
  try {
    if ((await engine.people.users()).length > 0) return null;
    const signIns = await makePeople(engine, demo);
    const numbers = new Map<string, string>();
    const actors = await actorsOf(engine);
    for (const step of demo.setUp) await setUp(engine, { step, numbers, actors });
    for (const step of planStories(demo, from, now - 60_000)) await play(engine, { step, numbers, actors });
    await engine.advanceTo(now);
    await engine.store.setMeta('demonstration', new Date(now).toISOString());
    return signIns;
  } finally {
    await engine.close();
  }
}

async function readDemonstration(processesDir: string): Promise<Demonstration> {
  try {
    return JSON.parse(await readFile(join(processesDir, 'demonstration.json'), 'utf8')) as Demonstration;
  } catch (error) {
    throw new EngineError(
      'CONFIGURATION_INVALID',
      { variable: 'PROCESSES_DIR', reason: 'names a folder without a readable demonstration.json' },
      { cause: error },
    );
  }
}

async function makePeople(engine: RunningEngine, { people, teams }: Demonstration): Promise<readonly SignIn[]> {
  for (const team of teams) await engine.people.saveTeam({ ...team, email: null });
  const passwords = createPasswords();
  const signIns: SignIn[] = [];
  for (const { signIn, ...person } of people) {
    const password = signIn ? generatePassword() : null;
    await engine.people.saveUser({
      ...person,
      email: null,
      passwordHash: password === null ? null : await passwords.hash(password),
      zone: null,
      standIn: null,
      absentUntil: null,
      active: true,
      createdAt: engine.now(),
    });
    if (password !== null) signIns.push({ name: person.id, password, role: person.roles.filter((role) => role !== 'employee').join(',') || 'employee' });
  }
  await engine.users();
  return signIns;
}

async function actorsOf(engine: RunningEngine): Promise<ReadonlyMap<string, Actor>> {
  return new Map((await engine.users()).map((user) => [user.id, { id: user.id, roles: user.roles, teams: user.teams }]));
}

interface Playing<Step> {
  readonly step: Step;
  readonly numbers: Map<string, string>;
  readonly actors: ReadonlyMap<string, Actor>;
}

async function setUp(engine: RunningEngine, { step, numbers, actors }: Playing<Demonstration['setUp'][number]>): Promise<void> {
  const data = named(resolve(step.data, {}, engine.now()), numbers) as JsonObject;
  const actor = actorOf(actors, step.as);
  if (step.create) numbers.set(step.name ?? '', (await engine.create({ process: step.create, data, actor })).record.number);
  else await engine.send({ record: numberOf(numbers, (step.record ?? '').slice(1)), type: step.event ?? '', data, actor });
}

async function play(engine: RunningEngine, { step, numbers, actors }: Playing<PlannedStep>): Promise<void> {
  if (step.at > engine.now()) await engine.advanceTo(step.at);
  const actor = actorOf(actors, step.as);
  const data = named(step.data, numbers) as JsonObject;
  try {
    if (step.create) numbers.set(step.record, (await engine.create({ process: step.create, data, actor })).record.number);
    else if (step.comment) await engine.comment({ record: numberOf(numbers, step.record), actor, text: step.comment });
    else await engine.send({ record: numberOf(numbers, step.record), type: step.event ?? '', data, actor });
  } catch (error) {
    if (step.ifPossible && error instanceof EngineError) return;
    throw error;
  }
}

function actorOf(actors: ReadonlyMap<string, Actor>, id: string): Actor {
  const actor = actors.get(id);
  if (!actor) throw new EngineError('NOT_FOUND', { person: id, reason: 'the demonstration names someone it does not have' });
  return actor;
}

function numberOf(numbers: ReadonlyMap<string, string>, name: string): string {
  const number = numbers.get(name);
  if (number === undefined) throw new EngineError('RECORD_NOT_FOUND', { record: name, reason: 'the demonstration names a record it has not made' });
  return number;
}

/** `@name` becomes the number of the record made under that name. */
function named(value: Json, numbers: ReadonlyMap<string, string>): Json {
  if (typeof value === 'string') return value.startsWith('@') ? numberOf(numbers, value.slice(1)) : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item: Json) => named(item, numbers));
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, named(inner as Json, numbers)]));
}
