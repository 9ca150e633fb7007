/**
 * Exploration: what can be reached from creation by any event with any data that matters, by time, by votes and by what happens
 * to other records; what is new first, then breadth first, with the invariants looked at after each step, so that a counterexample is a short walk.
 * Bounded by decisions, not by time: the same definition always gives the same answer, and says whether it is complete.
 */

import { createEnvironment, type Program } from '../core/program.js';
import { EngineError } from '../errors.js';
import { invariantBroken } from './invariants.js';
import { likenessOf } from './likeness.js';
import { beginnings, type Move, movesFrom } from './moves.js';
import { sampleWorld } from './samples.js';
import type { ScenarioPlace, ScenarioSurroundings } from './scenario.js';
import { type Simulation, simulate } from './simulation.js';

export interface Exploration {
  /** Different state values that were reached. */
  readonly states: number;
  /** Different situations: state, the data that matters, clocks, votes, other records. */
  readonly situations: number;
  /** Transitions that some walk took. */
  readonly transitions: number;
  readonly decisions: number;
  /** Nothing new is left to be tried; false when the bound ended it. */
  readonly complete: boolean;
  /** An invariant that does not hold, with a short walk that leads there. */
  readonly counterexample: { readonly message: string; readonly walk: readonly string[] } | null;
}

export interface ExploreOptions {
  readonly from?: readonly ScenarioPlace[];
  /** Decisions after which exploring stops. */
  readonly most?: number;
}

interface Node {
  readonly simulation: Simulation;
  readonly walk: Walk | null;
}

interface Walk {
  readonly before: Walk | null;
  readonly title: string;
}

const MOST_DECISIONS = 500;
const START = Date.UTC(2026, 2, 2, 9);

/** `from`: where scenarios led, to go on from; without any, exploring begins with creation only. */
export function explore(program: Program, surroundings: ScenarioSurroundings, { from = [], most = MOST_DECISIONS }: ExploreOptions = {}): Exploration {
  const others = new Map([...surroundings.others, [program.key, program]]);
  const search = createSearch(program);
  const origin = originOf(program, surroundings, others);
  for (const move of beginnings(program, origin)) search.visit({ simulation: origin, walk: null }, move);
  for (const { title, simulation } of from) search.visit({ simulation, walk: null }, { title, take: () => undefined });
  for (let node = search.next(); node && !search.done() && search.decisions() < most; node = search.next()) {
    if (node.simulation.record?.status === 'done') continue;
    for (const move of movesFrom(program, node.simulation, others)) {
      search.visit(node, move);
      if (search.done()) break;
    }
  }
  return search.result();
}

/** An empty world with people who hold every role, and records of every process. */
function originOf(program: Program, { reference }: ScenarioSurroundings, others: ReadonlyMap<string, Program>): Simulation {
  const { users, records } = sampleWorld(others, rolesIn(program), START);
  return simulate(program, { environment: createEnvironment(program.policy, reference), users, records, open: true, at: START });
}

/** The frontier and what is known so far. */
function createSearch(program: Program) {
  const seen = new Set<string>();
  const values = new Set<string>();
  const taken = new Set<string>();
  const paths = new Set<string>();
  // What showed something new goes on first, so that a bound leaves out variations, not parts of the chart.
  const fresh: Node[] = [];
  const rest: Node[] = [];
  const at = { fresh: 0, rest: 0 };
  let decisions = 0;
  let counterexample: Exploration['counterexample'] = null;
  return {
    done: () => counterexample !== null,
    decisions: () => decisions,
    next: (): Node | undefined => (at.fresh < fresh.length ? fresh[at.fresh++] : rest[at.rest++]),
    visit({ simulation: start, walk: before }: Node, move: Move): void {
      decisions += 1;
      const simulation = start.fork();
      if (!succeeds(() => move.take(simulation)) || !simulation.record) return;
      const known = taken.size + paths.size;
      for (const decision of simulation.last) for (const { id } of decision.entry.taken) taken.add(id);
      const likeness = likenessOf(program, simulation);
      if (seen.has(likeness)) return;
      seen.add(likeness);
      values.add(JSON.stringify(simulation.record.value));
      const walk: Walk = { before, title: move.title };
      const broken = invariantBroken(program, simulation);
      if (broken !== null) counterexample = { message: broken, walk: titles(walk) };
      for (const path of simulation.paths) paths.add(path);
      (taken.size + paths.size > known ? fresh : rest).push({ simulation, walk });
    },
    result: (): Exploration => ({
      states: values.size,
      situations: seen.size,
      transitions: taken.size,
      decisions,
      complete: at.fresh >= fresh.length && at.rest > rest.length,
      counterexample,
    }),
  };
}

function titles(walk: Walk | null): readonly string[] {
  return walk === null ? [] : [...titles(walk.before), walk.title];
}

function succeeds(work: () => void): boolean {
  try {
    work();
    return true;
  } catch (error) {
    if (error instanceof EngineError) return false;
    throw error;
  }
}

function rolesIn(program: Program): readonly string[] {
  const declared = Object.values(program.policy).flatMap((file) => (file.kind === 'roles' ? Object.keys(file.roles) : []));
  const used = program.kernel.transitions.flatMap((transition) => transition.meta.roles ?? []);
  return [...new Set([...declared, ...used, ...(program.process.create?.roles ?? [])])].filter((role) => role !== 'auditor');
}
