/** Random walks through a process, drawn towards what has not been taken yet; every step is held to what must always be true. */
import { GENESIS } from '../../../engine/core/entry.js';
import { askedAtCreation } from '../../../engine/core/intake.js';
import { createEnvironment, type Program } from '../../../engine/core/program.js';
import type { ReferenceFile } from '../../../engine/definitions/authored.js';
import { EngineError } from '../../../engine/errors.js';
import { type Simulation, simulate } from '../../../engine/trial/index.js';
import type { Actor, RecordState } from '../../../engine/types.js';
import { holds, must, sealAndReplay } from './alwaysTrue.js';
import { chooseMove, fixed, type Move, randomData } from './moves.js';
import { pick, type Random, randomWorld } from './randomData.js';
import type { Twofold } from './plain.js';
import type { Chain, Crossroad, Walker } from './walking.js';

const START = Date.UTC(2026, 2, 2, 9);
const LONGEST_WALK = 60;
const WALKS_IN_A_WORLD = 15;

export interface Walked {
  readonly walks: number;
  readonly steps: number;
  readonly refused: number;
  /** Transitions of the chart, and those that no walk took. */
  readonly transitions: number;
  readonly missing: readonly string[];
}

export interface WalkOptions {
  /** Where scenarios led: half of the walks begin at one of them. */
  readonly places: readonly Simulation[];
  readonly reference: { readonly [name: string]: ReferenceFile };
  readonly random: Random;
  /** Steps at least, and at most while some transition has not been taken. */
  readonly least: number;
  readonly most: number;
}

/** Walks through a process, each walk a record's life, fifteen of them in each random world. */
export function walkThrough(twofold: Twofold, others: ReadonlyMap<string, Program>, { reference, random, places, least, most }: WalkOptions): Walked {
  const { program } = twofold;
  const enough = (steps: number): boolean => steps >= most || (steps >= least && program.kernel.transitions.every((transition) => taken.has(transition.id)));
  const roles = rolesOf([program, ...others.values()]);
  const taken = new Set<string>();
  const total = { walks: 0, steps: 0, refused: 0 };
  while (!enough(total.steps)) {
    const world = randomWorld(others, roles, { random, now: START });
    const actors = [...world.users.values()].map((user): Actor => ({ id: user.id, roles: user.roles, teams: user.teams }));
    const walker: Walker = { program, twofold, reference, random, actors, around: world.around, taken, crossroads: new Map(), steps: 0, refused: 0 };
    const environment = createEnvironment(program.policy, reference);
    for (let walks = 0; walks < WALKS_IN_A_WORLD && !enough(total.steps + walker.steps); walks += 1) {
      const origin = simulate(program, { environment, users: world.users, records: world.records, at: START });
      walk(walker, places.length > 0 && random() < 0.5 ? placed(pick(random, places)) : () => begin(walker, origin));
      total.walks += 1;
    }
    total.steps += walker.steps;
    total.refused += walker.refused;
  }
  const all = program.kernel.transitions.map((transition) => transition.id);
  return { ...total, transitions: all.length, missing: all.filter((id) => !taken.has(id)) };
}

/** A place in a scenario, as if the record had been stored there. */
function placed(simulation: Simulation): () => Crossroad {
  const state = JSON.parse(JSON.stringify(simulation.record)) as RecordState;
  return () => ({ simulation: simulation.restored(), chain: { head: state.head, state, plain: simulation.restored() } });
}

function walk(walker: Walker, begin: () => Crossroad): void {
  const open = [...walker.crossroads].filter(([id]) => !walker.taken.has(id)).map(([, crossroad]) => crossroad);
  const { simulation: start, chain } = open.length > 0 && walker.random() < 0.6 ? again(pick(walker.random, open)) : begin();
  let simulation = start;
  for (let step = 0; step < LONGEST_WALK && simulation.record?.status === 'active'; step += 1) {
    noteCrossroads(walker, simulation, chain);
    const move = chooseMove(walker, simulation);
    simulation = tryMove(walker, simulation, { chain, move: fixed(move) }) ?? simulation;
  }
}

function begin(walker: Walker, origin: Simulation): Crossroad {
  const chain: Chain = { head: GENESIS, state: null, plain: origin };
  const create: Move = {
    title: 'create',
    fresh: true,
    act: (next) => next.create(pick(walker.random, walker.actors), randomData(walker, askedAtCreation(walker.program))),
  };
  for (let tries = 0; tries < 200; tries += 1) {
    const simulation = tryMove(walker, origin, { chain, move: fixed(create) });
    if (simulation) return { simulation, chain };
  }
  throw new Error(`${walker.program.key}: no random data was admitted at creation`);
}

function again({ simulation, chain }: Crossroad): Crossroad {
  return { simulation: simulation.restored(), chain: { ...chain } };
}

function noteCrossroads({ program, taken, crossroads }: Walker, simulation: Simulation, chain: Chain): void {
  const { record, timers } = simulation;
  if (!record) return;
  const events = [...program.kernel.declared(record), ...timers.map((timer) => timer.event)];
  const ids = events.flatMap((event) => program.kernel.candidates(record, event)).filter((candidate) => !taken.has(candidate.id));
  for (const { id } of ids) crossroads.set(id, again({ simulation, chain }));
}

/** Makes the move on the simulation and on one that was stored and read back; null when it was refused. */
function tryMove(walker: Walker, simulation: Simulation, { chain, move }: { chain: Chain; move: Move }): Simulation | null {
  const [next, twin] = [simulation.fork(), simulation.restored()];
  const says = (what: string) => () => `${walker.program.key} ${move.title} in ${JSON.stringify(simulation.record?.value)}: ${what}`;
  const refusal = refusalOf(() => move.act(next));
  const again = refusalOf(() => move.act(twin));
  must(refusal?.code === again?.code, says(`${again?.code} after storing, ${refusal?.code} before`));
  chain.plain = sameByXState(walker, chain.plain, { move, next, refusal, says }) ?? chain.plain;
  if (refusal) {
    must(refusal.code !== 'RULE_FAILED' && refusal.code !== 'INTERNAL', says(`${refusal.code} ${JSON.stringify(refusal.facts)}`));
    walker.refused += 1;
    return null;
  }
  walker.steps += next.last.length;
  for (const id of next.taken) walker.taken.add(id);
  must(JSON.stringify(twin.last) === JSON.stringify(next.last), says('decided differently after storing'));
  for (const index of next.last.keys()) sealAndReplay(walker, { chain, simulation: next, index });
  holds(walker, next, says);
  return twin;
}

/** The same move where XState as it comes runs the chart. @returns the record it led to, null when it was refused there too */
function sameByXState({ twofold }: Walker, before: Simulation, made: Made): Simulation | null {
  const { move, next, refusal, says } = made;
  const plain = before.fork();
  const theirs = twofold.plainly(() => refusalOf(() => move.act(plain)));
  must(refusal?.code === theirs?.code, says(`${theirs?.code} by XState as it comes, ${refusal?.code} by the kernel`));
  if (theirs) return null;
  const [kernel, xstate] = [next.last, plain.last].map((decisions) => JSON.stringify(decisions, historyInOrder)) as [string, string];
  must(kernel === xstate, says(`XState as it comes decides otherwise: ${whereTheyPart(kernel, xstate)}`));
  if (plain.record) twofold.standsThere(plain.record);
  return plain;
}

/** XState remembers the states of a history in the order in which they were entered, after storing in the chart's; to it they are a set. */
function historyInOrder(key: string, value: unknown): unknown {
  if (key !== 'historyValue' || value === null) return value;
  const lists = Object.entries(value as Record<string, readonly { id: string }[]>);
  return Object.fromEntries(lists.map(([name, list]) => [name, list.map(({ id }) => id).sort()]));
}

interface Made {
  readonly move: Move;
  readonly next: Simulation;
  readonly refusal: EngineError | null;
  says(what: string): () => string;
}

function whereTheyPart(kernel: string, xstate: string): string {
  const from = Math.max(0, [...kernel].findIndex((letter, at) => letter !== xstate[at]) - 80);
  return `${xstate.slice(from, from + 200)} where the kernel has ${kernel.slice(from, from + 200)}`;
}

function refusalOf(work: () => void): EngineError | null {
  try {
    work();
    return null;
  } catch (error) {
    if (error instanceof EngineError) return error;
    throw error;
  }
}

function rolesOf(programs: readonly Program[]): readonly string[] {
  const roles = programs.flatMap((program) => [
    ...Object.values(program.policy).flatMap((file) => (file.kind === 'roles' ? Object.keys(file.roles) : [])),
    ...program.kernel.transitions.flatMap((transition) => transition.meta.roles ?? []),
    ...(program.process.create?.roles ?? []),
    ...Object.values(program.process.approvals ?? {}).flatMap((approval) => approval.steps.flatMap((step) => step.voters.roles ?? [])),
  ]);
  return [...new Set(roles)].filter((role) => role !== 'auditor');
}
