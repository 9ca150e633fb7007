/** Taking a record over to another definition version: states, fields, clocks, timers and votes as `migration.json` says. */
import type { MigrationFile } from '../definitions/authored.js';
import { statePaths } from '../definitions/index.js';
import { EngineError } from '../errors.js';
import type { RecordState } from '../types.js';
import { withoutNulls } from './actions.js';
import { factsOf } from './facts.js';
import type { Configuration } from './kernel.js';
import type { Program } from './program.js';
import type { StepContext } from './step.js';

/** @returns the configuration in the new version. @throws DATA_INVALID naming the state that has no counterpart. */
export function carryOver(program: Program, before: RecordState, step: StepContext): Configuration {
  const migration: MigrationFile = program.files['migration.json'] ?? {};
  const from = migration.from === undefined ? null : [migration.from].flat();
  if (from && !from.includes(before.definition))
    throw new EngineError('DATA_INVALID', {
      fields: [{ field: 'to', message: `The version's migration.json does not come from version ${before.definition.slice(0, 12)}.` }],
    });
  const state = carryState(program, migration, before);
  carryFields(program, migration, step);
  step.armed = Object.fromEntries(program.kernel.armedIn(state).map((id) => [id, migration.timers === 'restart' ? step.at : (before.armed[id] ?? step.at)]));
  step.clocks = Object.fromEntries(
    Object.entries(step.clocks).filter(([name]) => program.clocks.some((clock) => clock.name === name) && migration.clocks?.[name] !== 'restart'),
  );
  if (migration.votes === 'carry') return state;
  return lapseVotes(program, state, step);
}

function carryState(program: Program, migration: MigrationFile, before: RecordState): Configuration {
  const paths = statePaths(before.value);
  const leaves = paths.filter((path) => !paths.some((other) => other.startsWith(`${path}.`)));
  const mapped = leaves.map((leaf) => migration.states?.[leaf] ?? leaf);
  const state = program.kernel.configuration(mapped);
  if (state) return { ...state, historyValue: null };
  const unknown = mapped.find((path) => program.kernel.configuration([path]) === null) ?? mapped[0];
  throw new EngineError('DATA_INVALID', {
    fields: [{ field: 'states', message: `The record stands in “${unknown}”, which the new version does not have; migration.json must say where it goes.` }],
  });
}

function carryFields(program: Program, migration: MigrationFile, step: StepContext): void {
  const facts = factsOf(program, { step, event: { type: 'migrated', data: {} }, paths: new Set() });
  const values = Object.entries(migration.fields ?? {}).map(([field, rule]) => [
    field,
    program.rule(rule, `migration of ${field}`).evaluate(facts, step.environment),
  ]);
  step.record = withoutNulls({ ...step.record, ...Object.fromEntries(values) });
}

/** Votes were given under another version of the process: open attempts end, and the chart hears of it. */
function lapseVotes(program: Program, start: Configuration, step: StepContext): Configuration {
  let state = start;
  for (const [name, approval] of Object.entries(step.approvals)) {
    if (approval.status !== 'open') continue;
    step.approvals = { ...step.approvals, [name]: { ...approval, status: 'lapsed', step: null } };
    const event = `approval.${name}.lapsed`;
    step.raisedWithin.push(event);
    if (state.status === 'active') state = program.kernel.transition(state, { type: event, data: { approval: name } }, step);
  }
  return state;
}
