/** Random walks through a process, drawn towards what has not been taken yet; every step is held to what must always be true. */
import { freshSalt, GENESIS, sealEntry } from '../../../engine/core/entry.js';
import { askedAtCreation, askedBy } from '../../../engine/core/intake.js';
import { isInternalName } from '../../../engine/core/internal.js';
import { createEnvironment, type Program } from '../../../engine/core/program.js';
import type { ReferenceFile } from '../../../engine/definitions/authored.js';
import { walkStates } from '../../../engine/definitions/index.js';
import { EngineError } from '../../../engine/errors.js';
import { differenceOf, replayEntry } from '../../../engine/integrity/replay.js';
import { openEntry } from '../../../engine/runtime/views.js';
import { invariantBroken, type Simulation, simulate } from '../../../engine/trial/index.js';
import type { Actor, JsonObject, RecordState, Timer } from '../../../engine/types.js';
import { type Around, pick, type Random, randomValue, randomWorld } from './randomData.js';

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

interface Walker {
  readonly program: Program;
  readonly reference: { readonly [name: string]: ReferenceFile };
  readonly random: Random;
  readonly actors: readonly Actor[];
  readonly around: Around;
  readonly taken: Set<string>;
  /** Where a walk stood when a transition was possible that none has taken. */
  readonly crossroads: Map<string, Crossroad>;
  steps: number;
  refused: number;
}

interface Crossroad {
  readonly simulation: Simulation;
  readonly chain: Chain;
}

/** A walk's chain: head and state after the last sealed entry. */
interface Chain {
  head: string;
  state: RecordState | null;
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
export function walkThrough(program: Program, others: ReadonlyMap<string, Program>, { reference, random, places, least, most }: WalkOptions): Walked {
  const enough = (steps: number): boolean => steps >= most || (steps >= least && program.kernel.transitions.every((transition) => taken.has(transition.id)));
  const roles = rolesOf([program, ...others.values()]);
  const taken = new Set<string>();
  const total = { walks: 0, steps: 0, refused: 0 };
  while (!enough(total.steps)) {
    const world = randomWorld(others, roles, { random, now: START });
    const actors = [...world.users.values()].map((user): Actor => ({ id: user.id, roles: user.roles, teams: user.teams }));
    const walker: Walker = { program, reference, random, actors, around: world.around, taken, crossroads: new Map(), steps: 0, refused: 0 };
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
  return () => ({ simulation: simulation.restored(), chain: { head: state.head, state } });
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
  const chain: Chain = { head: GENESIS, state: null };
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

// ---- moves -----------------------------------------------------------------------------------------------------------

interface Move {
  readonly title: string;
  /** It may take a transition that no walk has taken. */
  readonly fresh: boolean;
  act(simulation: Simulation): void;
}

/** A move that does the same each time it is made: its random choices are kept. */
function fixed(move: Move): Move {
  let first: { name: keyof Simulation; args: readonly unknown[] } | null = null;
  return {
    ...move,
    act(simulation) {
      if (first === null) {
        const spy = new Proxy(simulation, {
          get: (target, name) =>
            ['create', 'send', 'internal', 'advance'].includes(String(name))
              ? (...args: unknown[]) => void (first = { name: name as keyof Simulation, args })
              : Reflect.get(target, name),
        });
        move.act(spy);
      }
      const { name, args } = first as unknown as { name: 'send'; args: [Actor, string, JsonObject] };
      simulation[name](...args);
    },
  };
}

function chooseMove(walker: Walker, simulation: Simulation): Move {
  const moves = [...eventMoves(walker, simulation), ...timeMoves(walker, simulation)];
  const weights = moves.map((move) => (move.fresh ? 8 : 1));
  let left = walker.random() * weights.reduce((sum, weight) => sum + weight, 0);
  return moves.find((_, index) => (left -= weights[index] ?? 0) < 0) ?? (moves[0] as Move);
}

function eventMoves(walker: Walker, simulation: Simulation): readonly Move[] {
  const { program, random, taken } = walker;
  const { record } = simulation;
  if (!record) return [];
  const events = program.kernel.declared(record).flatMap((event): readonly Move[] => {
    const candidates = program.kernel.candidates(record, event);
    const fresh = candidates.some((candidate) => !taken.has(candidate.id));
    if (event.startsWith('clock.') || event.startsWith('approval.')) return [];
    if (isInternalName(event)) return event === 'record.comment' ? [] : [{ title: event, fresh, act: (next) => next.internal(event, {}) }];
    return [{ title: event, fresh, act: (next) => next.send(someone(walker, simulation), event, randomData(walker, askedBy(program, candidates))) }];
  });
  const comments = program.kernel.candidates(record, 'record.comment');
  const comment: Move = {
    title: 'comment',
    fresh: comments.some((candidate) => !taken.has(candidate.id)),
    act: (next) =>
      next.internal('record.comment', { id: 'c', text: 'A word', internal: random() < 0.3, byRequester: random() < 0.7 }, someone(walker, simulation)),
  };
  return [...events, comment];
}

/** Mostly somebody the record knows: named in a field, its creator, a voter who has not voted. */
function someone({ random, actors: strangers }: Walker, { record, users }: Simulation): Actor {
  const actors = users.size > 0 ? [...users.values()].map(({ id, roles, teams }): Actor => ({ id, roles, teams })) : strangers;
  if (!record) return pick(random, actors);
  const open = Object.values(record.approvals).filter((approval) => approval.status === 'open');
  const voters = open.flatMap((approval) =>
    approval.steps
      .filter((step) => step.name === approval.step)
      .flatMap((step) => step.voters.filter((voter) => !approval.votes.some((vote) => vote.step === step.name && vote.voter === voter))),
  );
  const known = new Set([record.createdBy, ...Object.values(record.data), ...voters]);
  const likely = actors.filter((actor) => known.has(actor.id));
  return pick(random, random() < 0.7 && likely.length > 0 ? likely : actors);
}

function timeMoves({ program, random, taken }: Walker, { record, timers, now }: Simulation): readonly Move[] {
  const due = timers.map((timer) => timer.dueAt).sort((a, b) => a - b)[0];
  const some: Move = { title: 'some time', fresh: false, act: (next) => next.advance(now + Math.floor(random() * 5 * 86_400_000)) };
  if (due === undefined || !record) return [some];
  const fresh = timers.some((timer) => program.kernel.candidates(record, timer.event).some((candidate) => !taken.has(candidate.id)));
  const next: Move = { title: 'until the next timer', fresh, act: (simulation) => simulation.advance(Math.max(due, now)) };
  return [some, next];
}

function randomData({ program, around, random }: Walker, asked: ReturnType<typeof askedBy>): JsonObject {
  const given = asked.filter((entry) => entry.required || random() < 0.55);
  return Object.fromEntries(given.map((entry) => [entry.field, randomValue(program, entry.field, around)]).filter(([, value]) => value !== null)) as JsonObject;
}

// ---- what must always be true ----------------------------------------------------------------------------------------

/** Makes the move on the simulation and on one that was stored and read back; null when it was refused. */
function tryMove(walker: Walker, simulation: Simulation, { chain, move }: { chain: Chain; move: Move }): Simulation | null {
  const [next, twin] = [simulation.fork(), simulation.restored()];
  const says = (what: string) => () => `${walker.program.key} ${move.title} in ${JSON.stringify(simulation.record?.value)}: ${what}`;
  const refusal = refusalOf(() => move.act(next));
  const again = refusalOf(() => move.act(twin));
  must(refusal?.code === again?.code, says(`${again?.code} after storing, ${refusal?.code} before`));
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

/** Seals the entry onto the walk's chain and decides it again from what was sealed. */
function sealAndReplay({ program }: Walker, { chain, simulation, index }: { chain: Chain; simulation: Simulation; index: number }): void {
  const [decision, command] = [simulation.last[index], simulation.commands[index]];
  if (!decision || !command) throw new Error('a decision without its command');
  const previousHash = chain.head;
  const sealed = sealEntry(decision, { command, reference: '', timeZones: 'tz', previousHash, salt: freshSalt });
  const { record, entry } = decision;
  const stored = {
    record: record.id,
    sequence: record.version,
    at: command.at,
    recordedAt: command.recordedAt,
    actor: command.actor.id,
    onBehalfOf: null,
    origin: command.origin,
    event: entry.event,
    process: record.process,
    definition: record.definition,
    reference: '',
    ...sealed,
    previousHash,
  };
  const replayed = replayEntry(chain.state, stored, openEntry(stored), { program, environment: simulation.environment, timeZones: 'tz' });
  if (replayed.outcome !== 'same') throw new Error(`${program.key} ${entry.event}: ${replayed.message}`);
  const state: RecordState = { ...record, head: sealed.hash };
  must(
    JSON.stringify(replayed.state) === JSON.stringify(state),
    () => `${program.key} ${entry.event}: ${differenceOf(state, replayed.state)} is another after replay`,
  );
  chain.head = sealed.hash;
  chain.state = JSON.parse(JSON.stringify(replayed.state)) as RecordState;
}

function holds({ program }: Walker, simulation: Simulation, says: (what: string) => () => string): void {
  const { record, timers } = simulation;
  if (!record) return;
  const paths = program.kernel.paths(record);
  const known = pathsOf(program);
  must(JSON.stringify(simulation.paths) === JSON.stringify(paths) && paths.every((path) => known.has(path)), says(`the paths ${paths.join(', ')}`));
  const active = new Set(['', ...paths]);
  for (const id of Object.keys(record.armed)) must(active.has(program.kernel.after(id)?.path ?? 'none'), says(`${id} is armed outside its state`));
  for (const timer of timers) must(Number.isSafeInteger(timer.dueAt) && belongs(timer, record), says(`the timer ${timer.key} has nothing to belong to`));
  for (const [name, approval] of Object.entries(record.approvals))
    must(approval.status !== 'open' || active.has(program.approvals.get(name)?.spec.state ?? 'none'), says(`the approval ${name} is open outside its state`));
  const ticking = Object.values(record.clocks).some((clock) => clock.status === 'running' || clock.status === 'paused');
  must(record.status === 'active' || (timers.length === 0 && Object.keys(record.armed).length === 0 && !ticking), says('finished, yet something goes on'));
  must(!Object.values(record.data).includes(null), says('an emptied field is still there'));
  const broken = invariantBroken(program, simulation);
  must(broken === null, says(broken ?? ''));
}

function belongs(timer: Timer, record: RecordState): boolean {
  if (timer.kind === 'after') return Object.hasOwn(record.armed, timer.key);
  if (timer.kind === 'raise') return Object.hasOwn(record.raised, timer.key.slice('raise.'.length));
  return record.clocks[String(timer.data?.clock)]?.status === 'running';
}

const knownPaths = new WeakMap<Program, ReadonlySet<string>>();

function pathsOf(program: Program): ReadonlySet<string> {
  const known = knownPaths.get(program) ?? new Set<string>();
  if (known.size === 0) walkStates(program.files['statechart.json'], (path) => void (known as Set<string>).add(path));
  knownPaths.set(program, known);
  return known;
}

function must(holds: boolean, says: () => string): void {
  if (!holds) throw new Error(says());
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
