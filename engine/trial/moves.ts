/** What may happen next in an exploration: events with data, timers, comments, signals, and what happens to other records meanwhile. */
import { askedAtCreation, askedBy } from '../core/intake.js';
import { isInternalName } from '../core/internal.js';
import type { Program } from '../core/program.js';
import type { JsonObject, StateSpec } from '../definitions/authored.js';
import type { Actor } from '../types.js';
import { variantsOf } from './domains.js';
import { relevanceOf } from './relevance.js';
import type { Simulation } from './simulation.js';

/** A step of a walk, in words and as a scenario would have it. */
export interface Move {
  readonly title: string;
  take(simulation: Simulation): void;
}

/** Ways to begin: by somebody who may, with each set of data. */
export function beginnings(program: Program, origin: Simulation): readonly Move[] {
  const [actor] = actorsFor(program, origin, program.process.create?.roles ?? []);
  if (!actor) return [];
  return variantsOf(program, askedAtCreation(program), origin).map((data) => ({
    title: `created by ${actor.id} ${JSON.stringify(data)}`,
    take: (next) => next.create(actor, data),
  }));
}

/** `others`: programs by process, for the states their records can be in. */
export function movesFrom(program: Program, simulation: Simulation, others: ReadonlyMap<string, Program>): readonly Move[] {
  const { record } = simulation;
  if (!record) return [];
  const events = program.kernel
    .declared(record)
    .flatMap((event) => (isInternalName(event) ? told(program, event, simulation) : sent(program, event, simulation)));
  const due = simulation.timers.map((timer) => timer.dueAt).sort((a, b) => a - b)[0];
  const time: readonly Move[] =
    due === undefined ? [] : [{ title: `wait until ${new Date(due).toISOString()}`, take: (next) => next.advance(Math.max(due, next.now)) }];
  return [...events, ...time, ...meanwhile(program, simulation, others)];
}

function sent(program: Program, event: string, simulation: Simulation): readonly Move[] {
  const { record } = simulation;
  if (!record) return [];
  const candidates = program.kernel.candidates(record, event);
  const named = candidates.some(({ meta }) => (meta.named ?? []).length > 0);
  const roles = named ? [] : candidates.flatMap(({ meta }) => meta.roles ?? []);
  const actors = actorsFor(program, simulation, roles);
  return variantsOf(program, askedBy(program, candidates), simulation).flatMap((data) =>
    actors.map((actor): Move => ({ title: `${event} by ${actor.id} ${JSON.stringify(data)}`, take: (next) => next.send(actor, event, data) })),
  );
}

/** People who may differ only by who they are: two will do, and one where nobody asks. Without roles it may be anybody. */
function actorsFor(program: Program, { users }: Simulation, roles: readonly string[]): readonly Actor[] {
  const able = [...users.values()].filter((user) => roles.length === 0 || user.roles.some((role) => roles.includes(role)));
  const enough = roles.length === 0 ? 4 : 2;
  return able.slice(0, relevanceOf(program).actors ? enough : 1).map(({ id, roles: held, teams }) => ({ id, roles: held, teams }));
}

/** Comments and signals; clocks and approvals speak for themselves. */
function told(program: Program, event: string, simulation: Simulation): readonly Move[] {
  if (event.startsWith('clock.') || event.startsWith('approval.')) return [];
  const [somebody] = actorsFor(program, simulation, []);
  return signalData(program).map((each) => ({ title: `${event} ${JSON.stringify(each)}`, take: (next) => next.internal(event, each, somebody) }));
}

/** What a signal may say: each fact that rules read of an event and no form asks for, as each text that rules know. */
function signalData(program: Program): readonly JsonObject[] {
  const comment = { byRequester: true, internal: false, text: 'Sample' };
  const facts = new Set(
    JSON.stringify(program.files['rules.json'] ?? {})
      .match(/"event\.[A-Za-z]+"/g)
      ?.map((path) => path.slice('"event.'.length, -1)) ?? [],
  );
  const free = [...facts].filter((fact) => !program.fields.has(fact) && !(fact in comment) && fact !== 'type');
  const known = [...relevanceOf(program).texts].filter((text) => /^[a-z][a-z-]*$/.test(text)).slice(0, 6);
  return [comment, ...free.flatMap((fact) => known.map((text) => ({ ...comment, [fact]: text })))].slice(0, 12);
}

/** Records that are linked or referenced move between the states that the rules ask about. */
function meanwhile(program: Program, { others: { records, linked }, record }: Simulation, others: ReadonlyMap<string, Program>): readonly Move[] {
  const { links, refs } = relevanceOf(program);
  const states = (process: string) => statesAskedFor(program, others.get(process));
  const ofLinks = [...links].flatMap((name): readonly Move[] => {
    const ids = linked.get(name) ?? [];
    const process = records.get(ids[0] ?? '')?.process ?? program.links.get(name)?.to?.[0] ?? '';
    const some = ids.length > 0 ? ids : [`sample-${process}`];
    if (!some.every((id) => records.has(id))) return [];
    const moved = states(process).map(
      (state): Move => ({
        title: `meanwhile ${name} ${state === '' ? 'are linked' : `are ${state}`}`,
        take: (next) => some.forEach((id) => void next.other({ record: id, state, linked: [name] })),
      }),
    );
    const parted: Move = {
      title: `meanwhile ${name} are linked no more`,
      take: (next) => some.forEach((id) => void next.other({ record: id, unlinked: [name] })),
    };
    return ids.length > 0 ? [...moved, parted] : moved;
  });
  const ofRefs = [...refs].flatMap((field) => {
    const other = records.get(String(record?.data[field] ?? ''));
    return states(other?.process ?? '').flatMap((state): readonly Move[] =>
      other === undefined || state === '' ? [] : [{ title: `meanwhile ${field} is ${state}`, take: (next) => next.other({ record: other.id, state }) }],
    );
  });
  return [...ofLinks, ...ofRefs];
}

/** None in particular, and each state of the other process that the rules name. */
function statesAskedFor(program: Program, other: Program | undefined): readonly string[] {
  const { texts } = relevanceOf(program);
  const named = [...texts].filter((text) => other !== undefined && isState(other.files['statechart.json'], text.split('.')));
  return ['', ...named];
}

function isState(state: StateSpec, [key, ...inner]: readonly string[]): boolean {
  const found = key === undefined ? undefined : Object.hasOwn(state.states ?? {}, key) ? state.states?.[key] : undefined;
  return found !== undefined && (inner.length === 0 || isState(found, inner));
}
