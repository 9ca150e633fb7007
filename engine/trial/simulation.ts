/** A record that lives in memory only: the same `decide`, a simulated clock, timers that fire when their time comes. */

import { decide } from '../core/decide.js';
import type { Decision } from '../core/decision.js';
import { isOwnLink } from '../core/facts.js';
import type { Program } from '../core/program.js';
import type { KnownRecord, KnownUser, Lookups } from '../core/step.js';
import type { JsonObject, OtherRecord } from '../definitions/authored.js';
import { EngineError } from '../errors.js';
import type { RuleEnvironment } from '../rules/index.js';
import type { Actor, Command, RecordState, Timer } from '../types.js';
import { changed, type Others, othersOf, simulatedLookups, withDecided } from './others.js';

/** Timers fired in one advance after which a chart is taken to run in circles. */
const MAX_FIRED = 5_000;

export interface SimulationWorld {
  readonly environment: RuleEnvironment;
  readonly users: ReadonlyMap<string, KnownUser>;
  readonly records: ReadonlyMap<string, KnownRecord>;
  /** Ids of records that are linked from the start, by the link's name. */
  readonly linked?: ReadonlyMap<string, readonly string[]>;
  /** Whoever and whatever is named exists, unless it is listed otherwise. */
  readonly open?: boolean;
  readonly at: number;
}

export interface Simulation {
  readonly environment: RuleEnvironment;
  readonly record: RecordState | null;
  readonly now: number;
  readonly paths: readonly string[];
  readonly visited: ReadonlySet<string>;
  readonly timers: readonly Timer[];
  readonly users: ReadonlyMap<string, KnownUser>;
  /** What is known of other records. */
  readonly others: Others;
  /** The facts a rule that looks at the record now would be given. */
  readonly lookups: Lookups;
  /** Ids of transitions taken so far. */
  readonly taken: ReadonlySet<string>;
  /** Decisions of the last `create`, `send`, `internal` or `advance`, oldest first. */
  readonly last: readonly Decision[];
  /** The commands that were decided in `last`. */
  readonly commands: readonly Command[];
  create(actor: Actor, data: JsonObject): void;
  send(actor: Actor, type: string, data: JsonObject): void;
  internal(type: string, data: JsonObject, actor?: Actor): void;
  /** Changes what is known of another record. */
  other(change: OtherRecord): void;
  /** Moves the clock to an instant, firing what falls due on the way. */
  advance(to: number): void;
  /** The simulation as it is now, to go on from separately. */
  fork(): Simulation;
  /** The same, with everything that is stored written as JSON and read back. */
  restored(): Simulation;
}

interface Past {
  readonly record: RecordState | null;
  readonly now: number;
  readonly paths: readonly string[];
  readonly visited: ReadonlySet<string>;
  readonly timers: readonly Timer[];
  readonly taken: ReadonlySet<string>;
  readonly others: Others;
}

export function simulate(program: Program, world: SimulationWorld): Simulation {
  return simulationFrom(program, world, {
    record: null,
    now: world.at,
    paths: [],
    visited: new Set(),
    timers: [],
    taken: new Set(),
    others: othersOf(world.records, world.linked),
  });
}

/** A simulation at work: where it is, and what the last call decided. */
interface Running {
  past: Past;
  last: Decision[];
  commands: Command[];
}

function takeStep(program: Program, world: SimulationWorld, running: Running, command: Omit<Command, 'at' | 'recordedAt' | 'record'>): void {
  const { past } = running;
  const full: Command = { ...command, record: 'simulated', at: past.now, recordedAt: past.now };
  const decision = decide(program, past.record, full, {
    environment: world.environment,
    lookups: simulatedLookups(world, past.others),
    number: past.record?.number ?? 'SIM-000001',
  });
  running.last.push(decision);
  running.commands.push(full);
  running.past = counted(program, {
    record: decision.record,
    now: past.now,
    paths: decision.paths,
    visited: new Set([...past.visited, ...decision.paths, ...decision.entry.taken.flatMap((transition) => transition.targets)]),
    timers: decision.timers,
    taken: new Set([...past.taken, ...decision.entry.taken.map((transition) => transition.id)]),
    others: withDecided(past.others, decision),
  });
}

/** The record's own links counted as they are seen: scenarios make some without a step. */
function counted(program: Program, past: Past): Past {
  const { record, others } = past;
  const own = [...others.linked].filter(([name]) => isOwnLink(program.links.get(name)));
  if (!record || own.every(([name, ids]) => (record.links[name] ?? 0) === ids.length)) return past;
  return { ...past, record: { ...record, links: { ...record.links, ...Object.fromEntries(own.map(([name, ids]) => [name, ids.length])) } } };
}

/** What a timer sends when it fires. */
function firing(timer: Timer): Omit<Command, 'at' | 'recordedAt' | 'record'> {
  const data = { ...timer.data, dueAt: new Date(timer.dueAt).toISOString() };
  return { kind: 'event', type: timer.event, data, actor: { id: 'timer', roles: [], teams: [] }, origin: 'timer', internal: true, timer: timer.key };
}

function simulationFrom(program: Program, world: SimulationWorld, start: Past): Simulation {
  const running: Running = { past: start, last: [], commands: [] };
  const step = (command: Omit<Command, 'at' | 'recordedAt' | 'record'>): void => takeStep(program, world, running, command);
  const begin = (): void => {
    running.last = [];
    running.commands = [];
  };
  const fire = (timer: Timer): void => {
    const { past } = running;
    running.past = { ...past, now: Math.max(past.now, timer.dueAt), timers: past.timers.filter((other) => other !== timer) };
    try {
      step(firing(timer));
    } catch (error) {
      if (!(error instanceof EngineError) || error.code !== 'EVENT_NOT_ACCEPTED') throw error;
    }
  };

  return {
    environment: world.environment,
    users: world.users,
    get record() {
      return running.past.record;
    },
    get now() {
      return running.past.now;
    },
    get paths() {
      return running.past.paths;
    },
    get visited() {
      return running.past.visited;
    },
    get timers() {
      return running.past.timers;
    },
    get others() {
      return running.past.others;
    },
    get lookups() {
      return simulatedLookups(world, running.past.others);
    },
    get taken() {
      return running.past.taken;
    },
    get last() {
      return running.last;
    },
    get commands() {
      return running.commands;
    },
    create(actor, data) {
      begin();
      step({ kind: 'create', process: program.key, type: 'create', data, actor, origin: 'person', internal: false });
    },
    send(actor, type, data) {
      begin();
      step({ kind: 'event', type, data, actor, origin: 'person', internal: false });
    },
    internal(type, data, actor = { id: 'system', roles: [], teams: [] }) {
      begin();
      step({ kind: 'event', type, data, actor, origin: 'signal', internal: true });
    },
    other(change) {
      begin();
      running.past = counted(program, { ...running.past, others: changed(running.past.others, change) });
    },
    advance(to) {
      begin();
      for (let fired = 0; ; fired += 1) {
        const next = [...running.past.timers].sort((a, b) => a.dueAt - b.dueAt || (a.key < b.key ? -1 : 1))[0];
        if (!next || next.dueAt > to) break;
        if (fired >= MAX_FIRED) throw new EngineError('RULE_FAILED', { rule: next.key, reason: 'timers keep each other going without end' });
        fire(next);
      }
      running.past = { ...running.past, now: Math.max(running.past.now, to) };
    },
    fork: () => simulationFrom(program, world, running.past),
    restored: () => simulationFrom(program, world, { ...running.past, record: throughJson(running.past.record), timers: throughJson(running.past.timers) }),
  };
}

function throughJson<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
