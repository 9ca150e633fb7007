/** Scenarios: users, events, fields, states and clocks they name must be there; each step does one thing. */
import { catalogue } from '../../errors.js';
import { parseDuration, parseInstant } from '../../rules/index.js';
import type { JsonObject, Scenario, ScenarioExpectation, ScenarioStep } from '../authored.js';
import type { Model } from '../model.js';
import { joinPointer } from '../pointer.js';
import type { Report } from '../report.js';
import type { CheckContext } from './check.js';
import { isKnownEngineEvent, nameableEvents } from './events.js';
import { checkComing, checkKnown, ownKeys } from './names.js';
import { checkState } from './process.js';

const file = 'scenarios.json';

interface Around {
  readonly model: Model;
  readonly report: Report;
  readonly context: CheckContext;
}

export function checkScenarios(model: Model, report: Report, context: CheckContext): void {
  const { scenarios = [], invariants = [] } = model.files['scenarios.json'] ?? {};
  checkUnique(scenarios, 'scenarios', report);
  checkUnique(invariants, 'invariants', report);
  for (const [index, scenario] of scenarios.entries()) checkScenario(scenario, `/scenarios/${index}`, { model, report, context });
}

function checkUnique(list: readonly { readonly name: string }[], what: string, report: Report): void {
  const seen = new Set<string>();
  for (const [index, { name }] of list.entries()) {
    if (seen.has(name)) report.add('SCENARIO_NAME_DUPLICATE', { file, pointer: `/${what}/${index}/name` }, { what, name });
    seen.add(name);
  }
}

function checkScenario({ given, steps }: Scenario, pointer: string, around: Around): void {
  const { model, report } = around;
  if (given?.at !== undefined) checkInstant(given.at, `${pointer}/given/at`, report);
  checkFields(given?.data, `${pointer}/given/data`, around);
  for (const [id, user] of Object.entries(given?.users ?? {})) {
    for (const [index, role] of (user.roles ?? []).entries())
      checkKnown(role, model.roles, report, {
        code: 'ROLE_UNKNOWN',
        fact: 'role',
        file,
        pointer: `${joinPointer(`${pointer}/given/users`, id)}/roles/${index}`,
      });
  }
  for (const [id, record] of Object.entries(given?.records ?? {})) {
    const at = joinPointer(`${pointer}/given/records`, id);
    checkComing(record.process, { file, pointer: `${at}/process` }, around);
    checkLinked(record.linked, `${at}/linked`, around);
  }
  const users = ownKeys(given?.users);
  checkUser(given?.as, users, `${pointer}/given/as`, report);
  for (const [index, step] of steps.entries()) {
    const at = `${pointer}/steps/${index}`;
    checkUser(step.as, users, `${at}/as`, report);
    checkStep(step, at, around);
    if (step.expect) checkExpectation(step.expect, `${at}/expect`, around);
  }
}

function checkLinked(names: readonly string[] = [], pointer: string, { model, report, context }: Around): void {
  if (context.unreadable.has('process.json')) return;
  const links = ownKeys(model.files['process.json']?.links);
  for (const [index, name] of names.entries()) checkKnown(name, links, report, { code: 'LINK_UNKNOWN', fact: 'name', file, pointer: `${pointer}/${index}` });
}

function checkUser(user: string | undefined, users: ReadonlySet<string>, pointer: string, report: Report): void {
  if (user !== undefined && user !== 'system') checkKnown(user, users, report, { code: 'SCENARIO_USER', fact: 'user', file, pointer });
}

function checkStep(step: ScenarioStep, pointer: string, around: Around): void {
  const { model, report } = around;
  checkLinked(step.other?.linked, `${pointer}/other/linked`, around);
  checkLinked(step.other?.unlinked, `${pointer}/other/unlinked`, around);
  const does = (['event', 'signal', 'comment', 'other'] as const).filter((key) => step[key] !== undefined);
  if (does.length > 1) report.add('SCENARIO_STEP', { file, pointer }, { reason: `does several things at once (${does.join(', ')})` });
  if (does.length === 0 && step.wait === undefined && !step.expect) report.add('SCENARIO_STEP', { file, pointer }, { reason: 'does nothing' });
  if (step.wait !== undefined && parseInstant(step.wait) === null) checkDuration(step.wait, `${pointer}/wait`, report);
  if (step.event !== undefined && model.states.length > 0 && step.expect?.refused === undefined)
    checkKnown(step.event, nameableEvents(model), report, { code: 'EVENT_UNKNOWN', fact: 'event', file, pointer: `${pointer}/event` });
  if (step.signal !== undefined && !isKnownEngineEvent(step.signal, model))
    checkKnown(step.signal, model.events, report, { code: 'EVENT_UNKNOWN', fact: 'event', file, pointer: `${pointer}/signal` });
  if (step.event !== undefined && step.expect?.refused === undefined && !step.event.includes('.')) checkFields(step.data, `${pointer}/data`, around);
}

function checkFields(data: JsonObject | undefined, pointer: string, { model, report, context }: Around): void {
  if (context.unreadable.has('form.json')) return;
  for (const field of Object.keys(data ?? {}))
    checkKnown(field, model.fields, report, { code: 'FIELD_UNKNOWN', fact: 'field', file, pointer: joinPointer(pointer, field) });
}

function checkExpectation(expect: ScenarioExpectation, pointer: string, around: Around): void {
  const { model, report, context } = around;
  const states =
    typeof expect.state === 'string' ? [[expect.state, `${pointer}/state`]] : (expect.state ?? []).map((path, index) => [path, `${pointer}/state/${index}`]);
  for (const [path, at] of states as [string, string][]) checkState(path, { model, report, pointer: at, file });
  checkFields(expect.fields, `${pointer}/fields`, around);
  const { clocks, approvals } = model.files['process.json'] ?? {};
  for (const [name, clock] of Object.entries(expect.clocks ?? {})) {
    const at = joinPointer(`${pointer}/clocks`, name);
    if (!context.unreadable.has('process.json')) checkKnown(name, ownKeys(clocks), report, { code: 'CLOCK_UNKNOWN', fact: 'clock', file, pointer: at });
    if (clock.elapsed !== undefined) checkDuration(clock.elapsed, `${at}/elapsed`, report);
    if (clock.remaining !== undefined) checkDuration(clock.remaining.replace(/^-/, ''), `${at}/remaining`, report);
    if (clock.dueAt !== undefined) checkInstant(clock.dueAt, `${at}/dueAt`, report);
  }
  for (const name of Object.keys(expect.votes ?? {})) {
    if (!context.unreadable.has('process.json'))
      checkKnown(name, ownKeys(approvals), report, { code: 'APPROVAL_UNKNOWN', fact: 'name', file, pointer: joinPointer(`${pointer}/votes`, name) });
  }
  if (expect.refused)
    checkKnown(expect.refused.code, ownKeys(catalogue), report, { code: 'REFUSAL_UNKNOWN', fact: 'code', file, pointer: `${pointer}/refused/code` });
}

function checkInstant(text: string, pointer: string, report: Report): void {
  if (parseInstant(text) === null) report.add('INSTANT_INVALID', { file, pointer }, { found: JSON.stringify(text) });
}

function checkDuration(text: string, pointer: string, report: Report): void {
  if (parseDuration(text) === null) report.add('DURATION_INVALID', { file, pointer }, { found: JSON.stringify(text), reason: 'it is not ISO 8601' });
}
