/** Plays one planned step through the engine, and holds what came of it against what the demonstration expects. */
import { type Actor, EngineError, type Json, type JsonObject, type RecordView, type RunningEngine } from '../../engine/index.js';
import type { PlannedStep } from './plan.js';
import type { Expected } from './story.js';

export interface Playing {
  /** Numbers of records by the names the demonstration has for them. */
  readonly numbers: Map<string, string>;
  readonly actors: ReadonlyMap<string, Actor>;
}

/** Records that are looked through for the newest. */
const LOOKED_THROUGH = 50;

/** Who looks at what came of a step. */
const onlooker: Actor = { id: 'onlooker', roles: ['auditor'], teams: [] };

/** @throws EngineError that names the place in the demonstration and what was refused or is not as expected. */
export async function play(engine: RunningEngine, step: PlannedStep, playing: Playing): Promise<void> {
  if (step.at > engine.now()) await engine.advanceTo(step.at);
  const refused = await taken(engine, step, playing);
  if (refused && step.ifPossible) return;
  const { expect: expected = {}, place, record } = step;
  if (refused?.code !== expected.refused) {
    throw new EngineError('INTERNAL', { place, record, event: step.event ?? step.create ?? '', ...tell(refused, expected) }, { cause: refused });
  }
  if (step.expect === undefined) return;
  await engine.wake();
  const fault = faultOf(await engine.record(numberOf(playing.numbers, record), onlooker), expected, playing.numbers);
  if (fault !== null) throw new EngineError('INTERNAL', { place, record, reason: fault });
}

function tell(refused: EngineError | null, expected: Expected): JsonObject {
  if (refused === null) return { reason: `it should have been refused with ${expected.refused}` };
  return { code: refused.code, reason: refused.message, facts: JSON.stringify(refused.facts).slice(0, 2_000) };
}

async function taken(engine: RunningEngine, step: PlannedStep, playing: Playing): Promise<EngineError | null> {
  try {
    await take(engine, step, playing);
    return null;
  } catch (error) {
    if (error instanceof EngineError) return error;
    throw error;
  }
}

async function take(engine: RunningEngine, step: PlannedStep, { numbers, actors }: Playing): Promise<void> {
  if (step.newest !== undefined) return nameNewest(engine, step, numbers);
  const actor = actorOf(actors, step.as);
  const data = named(step.data, numbers) as JsonObject;
  const record = step.create === undefined ? numberOf(numbers, step.record) : '';
  if (step.comment !== undefined) await engine.comment({ record, actor, text: step.comment });
  else if (step.link) await engine.link({ record, actor, name: step.link.name, to: String(named(step.link.to, numbers)) });
  else {
    const result = step.create
      ? await engine.create({ process: step.create, data, actor })
      : await engine.send({ record, type: step.event ?? '', data, actor });
    if (step.create) numbers.set(step.record, result.record.number);
    for (const [process, name] of Object.entries(step.made ?? {})) {
      const made = result.created.find((child) => child.process === process);
      if (!made) throw new EngineError('RECORD_NOT_FOUND', { process, reason: 'the step made no record of this process' });
      numbers.set(name, made.number);
    }
  }
}

/** Records that schedules, timers and signals open have no name until the demonstration gives them one. */
async function nameNewest(engine: RunningEngine, { newest: process = '', where = {}, record }: PlannedStep, numbers: Map<string, string>): Promise<void> {
  await engine.wake();
  const { items } = await engine.list({ processes: [process], sort: 'created', direction: 'desc', limit: LOOKED_THROUGH }, onlooker);
  const newest = items.find(({ data }) => Object.entries(where).every(([field, value]) => JSON.stringify(data[field]) === JSON.stringify(value)));
  if (!newest) throw new EngineError('RECORD_NOT_FOUND', { process, reason: 'there is none yet' });
  numbers.set(record, newest.number);
}

function faultOf(record: RecordView, { state, status, fields = {} }: Expected, numbers: ReadonlyMap<string, string>): string | null {
  const missing = [state ?? []].flat().filter((path) => !record.paths.includes(path));
  if (missing.length > 0) return `it should be in ${missing.join(' and ')}, but is in ${record.paths.join(', ')}`;
  if (status !== undefined && record.status !== status) return `it should be ${status}, but is ${record.status}`;
  for (const [field, value] of Object.entries(fields)) {
    const [wanted, found] = [JSON.stringify(named(value, numbers)), JSON.stringify(record.data[field] ?? null)];
    if (wanted !== found) return `${field} should be ${wanted}, but is ${found}`;
  }
  return null;
}

export function actorOf(actors: ReadonlyMap<string, Actor>, id: string): Actor {
  const actor = actors.get(id);
  if (!actor) throw new EngineError('NOT_FOUND', { person: id, reason: 'the demonstration names someone it does not have' });
  return actor;
}

export function numberOf(numbers: ReadonlyMap<string, string>, name: string): string {
  const number = numbers.get(name);
  if (number === undefined) throw new EngineError('RECORD_NOT_FOUND', { record: name, reason: 'the demonstration names a record it has not made' });
  return number;
}

/** `@name` becomes the number of the record made under that name. */
export function named(value: Json, numbers: ReadonlyMap<string, string>): Json {
  if (typeof value === 'string') return value.startsWith('@') ? numberOf(numbers, value.slice(1)) : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item: Json) => named(item, numbers));
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, named(inner as Json, numbers)]));
}
