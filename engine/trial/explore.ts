/**
 * Exploration: every state value that can be reached with sample data, breadth first, with the invariants looked at after
 * each step. Bounded by decisions, not by time, so that the same definition always gives the same answer.
 */

import { askedAtCreation, askedBy } from '../core/intake.js';
import { isInternalName } from '../core/internal.js';
import { createEnvironment, type Program } from '../core/program.js';
import type { JsonObject } from '../definitions/authored.js';
import { EngineError } from '../errors.js';
import type { Actor } from '../types.js';
import { invariantBroken } from './invariants.js';
import { sampleValues, sampleWorld } from './samples.js';
import type { ScenarioSurroundings } from './scenario.js';
import { type Simulation, simulate } from './simulation.js';

export interface Exploration {
  /** Different state values that were reached. */
  readonly states: number;
  readonly decisions: number;
  /** An invariant that does not hold, with the walk that leads there. */
  readonly counterexample: { readonly message: string; readonly walk: readonly string[] } | null;
}

interface Node {
  readonly simulation: Simulation;
  readonly walk: readonly string[];
}

/** Decisions after which exploring stops. */
const MAX_DECISIONS = 1_500;
const START = Date.UTC(2026, 2, 2, 9);

export function explore(program: Program, surroundings: ScenarioSurroundings, maxDecisions = MAX_DECISIONS): Exploration {
  const roles = rolesIn(program);
  const world = sampleWorld(new Map([...surroundings.others, [program.key, program]]), roles, START);
  const actors = [...world.users.values()].map((user): Actor => ({ id: user.id, roles, teams: user.teams }));
  const environment = createEnvironment(program.policy, surroundings.reference);
  const seen = new Set<string>();
  const values = new Set<string>();
  const queue: Node[] = [];
  let decisions = 0;
  let counterexample: Exploration['counterexample'] = null;
  const visit = (start: Simulation, walk: readonly string[], work: (simulation: Simulation) => void): void => {
    decisions += 1;
    const simulation = start.fork();
    if (!taken(() => work(simulation)) || !simulation.record) return;
    values.add(JSON.stringify(simulation.record.value));
    const broken = invariantBroken(program, simulation);
    if (broken !== null) counterexample ??= { message: broken, walk };
    const key = keyOf(program, simulation);
    if (seen.has(key)) return;
    seen.add(key);
    queue.push({ simulation, walk });
  };

  const origin = simulate(program, { environment, users: world.users, records: world.records, open: true, at: START });
  for (const data of variants(
    program,
    askedAtCreation(program).map((asked) => asked.field),
  ))
    visit(origin, ['created'], (simulation) => simulation.create(actors[0] as Actor, data));
  while (queue.length > 0 && decisions < maxDecisions) {
    const { simulation, walk } = queue.shift() as Node;
    if (simulation.record?.status === 'done') continue;
    for (const [title, work] of moves(program, simulation, actors)) visit(simulation, [...walk, title], work);
  }
  return { states: values.size, decisions, counterexample };
}

type Move = readonly [title: string, work: (simulation: Simulation) => void];

/** What may happen next: each event with a few data variants, the next timer, a requester's comment. */
function moves(program: Program, simulation: Simulation, actors: readonly Actor[]): readonly Move[] {
  const { record } = simulation;
  if (!record) return [];
  const events = program.kernel.declared(record).flatMap((event): readonly Move[] => {
    if (isInternalName(event))
      return event.startsWith('clock.') || event.startsWith('approval.')
        ? []
        : [[event, (next) => next.internal(event, { byRequester: true, internal: false, text: 'Sample' }, actors[0])]];
    const asked = askedBy(program, program.kernel.candidates(record, event)).map((entry) => entry.field);
    return variants(program, asked).flatMap((data) =>
      actors.slice(0, 2).map((actor): Move => [`${event} by ${actor.id}`, (next) => next.send(actor, event, data)]),
    );
  });
  const due = simulation.timers.map((timer) => timer.dueAt).sort((a, b) => a - b)[0];
  return due === undefined ? events : [...events, ['time passes', (next) => next.advance(Math.max(due, next.now))]];
}

/** Each field at its first value, then one field at a time at each of its others. */
function variants(program: Program, fields: readonly string[]): readonly JsonObject[] {
  const samples = new Map(fields.map((field) => [field, sampleValues(program, field, START).slice(0, 6)]));
  const first = Object.fromEntries([...samples].flatMap(([field, values]) => (values[0] === undefined ? [] : [[field, values[0]]])));
  const read = guardReads(program);
  const others = [...samples].flatMap(([field, values]) => (read.has(field) ? values.slice(1).map((value) => ({ ...first, [field]: value })) : []));
  return [first, ...others].slice(0, 16);
}

const readsByProgram = new WeakMap<Program, ReadonlySet<string>>();

/** Fields that guards, clocks and checks look at, directly or through computed fields. */
function guardReads(program: Program): ReadonlySet<string> {
  const known = readsByProgram.get(program);
  if (known) return known;
  const rules = [...program.guards.values(), ...program.checks.map((check) => check.rule), ...program.values.map(([, rule]) => rule)];
  const reads = new Set(rules.flatMap((rule) => rule.reads).flatMap((path) => path.split('.')[1] ?? []));
  readsByProgram.set(program, reads);
  return reads;
}

function taken(work: () => void): boolean {
  try {
    work();
    return true;
  } catch (error) {
    if (error instanceof EngineError) return false;
    throw error;
  }
}

/** Two simulations are the same for exploring when state and what guards read agree. */
function keyOf(program: Program, { record, visited }: Simulation): string {
  const data = record?.data ?? {};
  const seen = [...guardReads(program)].filter((field) => field in data && typeof data[field] !== 'string').map((field) => [field, data[field]]);
  return JSON.stringify([record?.value, record?.historyValue, seen, [...visited].sort()]);
}

function rolesIn(program: Program): readonly string[] {
  const declared = Object.values(program.policy).flatMap((file) => (file.kind === 'roles' ? Object.keys(file.roles) : []));
  const used = program.kernel.transitions.flatMap((transition) => transition.meta.roles ?? []);
  return [...new Set([...declared, ...used, ...(program.process.create?.roles ?? [])])].filter((role) => role !== 'auditor');
}
