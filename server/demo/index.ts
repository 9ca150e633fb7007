/** Fills an empty store with the demonstration: through the engine, under a simulated clock, timers firing on the way. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Actor,
  createEngine,
  createManualClock,
  EngineError,
  type EngineOptions,
  type JsonObject,
  type RunningEngine,
  storeExists,
  systemClock,
} from '../../engine/index.js';
import { createPasswords, generatePassword } from '../auth/passwords.js';
import { databaseFile } from '../databaseFile.js';
import { planChapters } from './chapters.js';
import { planStories, resolve } from './plan.js';
import { actorOf, named, numberOf, type Playing, play } from './play.js';
import type { Demonstration } from './story.js';
import { wholeOrNothing } from './wholeOrNothing.js';

export interface SignIn {
  readonly name: string;
  readonly password: string;
  readonly role: string;
}

const DAY = 86_400_000;

export interface Loading {
  /** The last instant of the demonstration; absent: now. */
  readonly now?: number;
  /** Told of each step that is refused, which is then left out: weekends and holidays fall differently on each day of loading. Absent: the first ends the loading. */
  readonly leftOut?: (step: JsonObject) => void;
}

/** @returns the sign-ins that were made, or null when the store is not empty. Passwords are drawn anew each time. */
export async function loadDemonstration(options: EngineOptions, loading: Loading = {}): Promise<readonly SignIn[] | null> {
  if (await hasPeople(options)) return null;
  try {
    return await wholeOrNothing(options.databaseUrl, (databaseUrl) => load({ ...options, databaseUrl }, loading));
  } catch (error) {
    // Of several servers that begin on one PostgreSQL at once, one is the first.
    if (databaseFile(options.databaseUrl) === null && (await hasPeople(options).catch(() => false))) return null;
    throw error;
  }
}

async function hasPeople(options: EngineOptions): Promise<boolean> {
  if (!(await storeExists(options.databaseUrl))) return false;
  const engine = await createEngine({ ...options, publishFolders: false, watch: false });
  return engine.people
    .users()
    .then((users) => users.length > 0)
    .finally(() => engine.close());
}

async function load(options: EngineOptions, { now = systemClock.now(), leftOut }: Loading): Promise<readonly SignIn[]> {
  const demo = await readDemonstration(options.processesDir);
  const from = Math.floor(now / DAY) * DAY - demo.days * DAY;
  const engine = await createEngine({ ...options, clock: createManualClock(from + DAY / 3), smtpUrl: null, watch: false });
  try {
    const signIns = await makePeople(engine, demo);
    const playing: Playing = { numbers: new Map(), actors: await actorsOf(engine) };
    for (const step of demo.setUp) await setUp(engine, step, playing);
    const until = now - 60_000;
    const steps = [...planChapters(demo, from, until), ...planStories(demo, now - demo.storyDays * DAY, until)].sort((a, b) => a.at - b.at);
    for (const step of steps) {
      await play(engine, step, playing).catch((error: unknown) => {
        if (!leftOut || !(error instanceof EngineError)) throw error;
        leftOut(error.facts as JsonObject);
      });
    }
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

async function setUp(engine: RunningEngine, step: Demonstration['setUp'][number], { numbers, actors }: Playing): Promise<void> {
  const data = named(resolve(step.data, {}, engine.now()), numbers) as JsonObject;
  const actor = actorOf(actors, step.as);
  if (step.create) numbers.set(step.name ?? '', (await engine.create({ process: step.create, data, actor })).record.number);
  else await engine.send({ record: numberOf(numbers, (step.record ?? '').slice(1)), type: step.event ?? '', data, actor });
}
