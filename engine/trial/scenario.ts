/** Scenarios: walks that a process owner wrote, run through the engine's own decisions under a simulated clock. */

import { createEnvironment, type Program } from '../core/program.js';
import type { KnownRecord, KnownUser } from '../core/step.js';
import type { ReferenceFile, Scenario, ScenarioStep } from '../definitions/authored.js';
import type { ScenarioResult } from '../engine.js';
import { EngineError } from '../errors.js';
import { addDuration, parseInstant } from '../rules/index.js';
import type { Actor } from '../types.js';
import { mismatch } from './expectations.js';
import { invariantBroken } from './invariants.js';
import { statesOf } from './others.js';
import { type Simulation, simulate } from './simulation.js';

/** When a scenario names no instant: a Monday morning. */
const DEFAULT_START = Date.UTC(2026, 2, 2, 9);

export interface ScenarioSurroundings {
  /** Programs in force, for what given records are made of. */
  readonly others: ReadonlyMap<string, Program>;
  readonly reference: { readonly [name: string]: ReferenceFile };
}

export interface ScenarioRun {
  readonly results: readonly ScenarioResult[];
  /** Ids of the transitions that some scenario took. */
  readonly taken: ReadonlySet<string>;
  /** Where the record stood after each step, to go on from. */
  readonly places: readonly ScenarioPlace[];
}

export interface ScenarioPlace {
  readonly title: string;
  readonly simulation: Simulation;
}

/** Runs every scenario of a process; invariants are looked at after each step. */
export function runScenarios(program: Program, surroundings: ScenarioSurroundings): readonly ScenarioResult[] {
  return runWithCoverage(program, surroundings).results;
}

export function runWithCoverage(program: Program, surroundings: ScenarioSurroundings): ScenarioRun {
  const run: Run = { taken: new Set(), places: [] };
  const results = (program.files['scenarios.json']?.scenarios ?? []).map((scenario) => runScenario(program, surroundings, { scenario, run }));
  return { results, ...run };
}

interface Run {
  readonly taken: Set<string>;
  readonly places: ScenarioPlace[];
}

function runScenario(program: Program, surroundings: ScenarioSurroundings, { scenario, run }: { scenario: Scenario; run: Run }): ScenarioResult {
  const { given = {} } = scenario;
  const at = given.at === undefined ? DEFAULT_START : (parseInstant(given.at) ?? DEFAULT_START);
  const users = usersOf(given.users ?? {});
  const simulation = simulate(program, {
    environment: createEnvironment(program.policy, surroundings.reference),
    users,
    records: recordsOf(given.records ?? {}),
    linked: linkedOf(given.records ?? {}),
    at,
  });
  const walk: ScenarioResult['walk'][number][] = [];
  const note = (step: string) => {
    walk.push({ step, state: simulation.record?.value ?? '', at: simulation.now });
    run.places.push({ title: `“${scenario.name}” up to ${step} (step ${walk.length - 1})`, simulation: simulation.fork() });
  };
  const outcome = (failedStep: number | null, message: string | null): ScenarioResult => {
    for (const id of simulation.taken) run.taken.add(id);
    return { name: scenario.name, passed: failedStep === null, failedStep, message, walk };
  };
  const failed = attempt(() => simulation.create(actorOf(users, given.as), given.data ?? {}));
  if (failed) return outcome(0, `The record could not be created: ${inWords(failed)}`);
  note('created');
  for (const [index, step] of scenario.steps.entries()) {
    const message = runStep(program, simulation, { step, users });
    note(titleOf(step));
    if (message !== null) return outcome(index, message);
  }
  return outcome(null, null);
}

function runStep(program: Program, simulation: Simulation, { step, users }: { step: ScenarioStep; users: ReadonlyMap<string, KnownUser> }): string | null {
  const error = attempt(() => takeStep(program, simulation, { step, users }));
  const expected = step.expect ?? {};
  if (error) return expected.refused ? refusalMismatch(error, expected.refused) : `The step was refused: ${inWords(error)}`;
  if (expected.refused) return `The step should have been refused with ${expected.refused.code}, but was taken.`;
  return mismatch(simulation, expected) ?? invariantBroken(program, simulation);
}

function takeStep(program: Program, simulation: Simulation, { step, users }: { step: ScenarioStep; users: ReadonlyMap<string, KnownUser> }): void {
  const actor = actorOf(users, step.as);
  if (step.wait !== undefined) simulation.advance(waitUntil(simulation.now, step.wait));
  if (step.event !== undefined) simulation.send(actor, step.event, step.data ?? {});
  if (step.other !== undefined) simulation.other(step.other);
  if (step.signal !== undefined) simulation.internal(step.signal, step.data ?? {});
  if (step.comment !== undefined)
    simulation.internal(
      'record.comment',
      { text: step.comment, internal: step.data?.internal === true, byRequester: isRequester(program, simulation, actor) },
      actor,
    );
}

function isRequester(program: Program, simulation: Simulation, actor: Actor): boolean {
  const field = program.process.columns?.requester;
  return simulation.record?.createdBy === actor.id || (field !== undefined && simulation.record?.data[field] === actor.id);
}

/** A duration from now, or an instant. */
function waitUntil(now: number, wait: string): number {
  return parseInstant(wait) ?? addDuration(now, wait);
}

function attempt(work: () => void): EngineError | null {
  try {
    work();
    return null;
  } catch (error) {
    if (error instanceof EngineError) return error;
    throw error;
  }
}

function refusalMismatch(error: EngineError, expected: { readonly code: string; readonly rule?: string; readonly field?: string }): string | null {
  const facts = error.facts as { rule?: string; reasons?: readonly { rule: string }[]; fields?: readonly { field: string }[] };
  if (error.code !== expected.code) return `Expected a refusal with ${expected.code}, but it was refused: ${inWords(error)}`;
  const rules = [facts.rule, ...(facts.reasons ?? []).map((reason) => reason.rule)];
  if (expected.rule !== undefined && !rules.includes(expected.rule)) return `Expected “${expected.rule}” to refuse, but it was refused: ${inWords(error)}`;
  const fields = (facts.fields ?? []).map((problem) => problem.field);
  if (expected.field !== undefined && !fields.includes(expected.field))
    return `Expected the field “${expected.field}” to be refused, but it was refused: ${inWords(error)}`;
  return null;
}

function inWords(error: EngineError): string {
  return `${error.code}: ${error.message} ${JSON.stringify(error.facts)}`.slice(0, 800);
}

function titleOf(step: ScenarioStep): string {
  if (step.wait !== undefined && step.event === undefined) return `wait ${step.wait}`;
  return step.event ?? step.signal ?? (step.comment !== undefined ? 'comment' : step.other === undefined ? '' : `meanwhile ${step.other.record}`);
}

function actorOf(users: ReadonlyMap<string, KnownUser>, id: string | undefined): Actor {
  const known = id === undefined ? users.values().next().value : users.get(id);
  return { id: id ?? known?.id ?? 'somebody', roles: known?.roles ?? [], teams: known?.teams ?? [] };
}

function usersOf(given: NonNullable<NonNullable<Scenario['given']>['users']>): ReadonlyMap<string, KnownUser> {
  return new Map(
    Object.entries(given).map(([id, user]) => [
      id,
      { id, roles: user.roles ?? [], teams: user.teams ?? [], standIn: user.standIn ?? null, absent: user.absent ?? false, active: true },
    ]),
  );
}

type GivenRecords = NonNullable<NonNullable<Scenario['given']>['records']>;

function recordsOf(given: GivenRecords): ReadonlyMap<string, KnownRecord> {
  return new Map(
    Object.entries(given).map(([id, { process, data, status = 'active', ...at }]) => [
      id,
      { id, number: id, process, version: 1, status, states: statesOf(at), data },
    ]),
  );
}

function linkedOf(given: GivenRecords): ReadonlyMap<string, readonly string[]> {
  const linked = new Map<string, string[]>();
  for (const [id, record] of Object.entries(given)) {
    for (const name of record.linked ?? []) linked.set(name, [...(linked.get(name) ?? []), id]);
  }
  return linked;
}
