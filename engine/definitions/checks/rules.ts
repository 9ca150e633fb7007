/** Every rule of a process, each against what it sees where it stands. */
import { type CheckOptions, checkDelay, checkRule, isRule, parseDuration, readsOf } from '../../rules/index.js';
import type { Condition, DelaySpec, Json, JsonObject, Rule } from '../authored.js';
import type { Model, PlacedAction, TransitionNode } from '../model.js';
import { joinPointer } from '../pointer.js';
import type { Report } from '../report.js';
import { shown } from '../schema.js';
import type { CheckContext } from './check.js';
import { checkKnown, checkName } from './names.js';
import { baseScope, type Scope, scopeOf, usesOf } from './ruleScope.js';

interface Tools {
  readonly model: Model;
  readonly report: Report;
  readonly scope: Scope;
  rule(rule: Rule, place: { file: string; pointer: string }, options: Partial<CheckOptions> & Pick<CheckOptions, 'expects'>): void;
  delay(spec: DelaySpec, place: { file: string; pointer: string }, options?: Partial<CheckOptions>): void;
}

export function checkRules(model: Model, report: Report, context: CheckContext): void {
  if (context.unreadable.has('form.json')) return;
  const scope = baseScope(model, context);
  const tools: Tools = {
    model,
    report,
    scope,
    rule: (rule, { file, pointer }, options) => {
      for (const one of checkRule(rule, { ...scope, ...options })) report.addWorded(file, { ...one, pointer: pointer + one.pointer });
    },
    delay: (spec, { file, pointer }, options) => checkDelaySpec(spec, { file, pointer, options: { ...scope, expects: 'duration', ...options }, report }),
  };
  checkRulesFile(tools);
  checkFormRules(tools);
  checkFormDefaults(tools);
  for (const action of model.actions) checkActionRules(action, tools);
  checkProcessRules(tools);
  for (const [index, { rule }] of (model.files['scenarios.json']?.invariants ?? []).entries()) {
    tools.rule(rule, { file: 'scenarios.json', pointer: `/invariants/${index}/rule` }, { expects: 'boolean', allowVisited: true });
  }
  for (const [field, rule] of Object.entries(model.files['migration.json']?.fields ?? {})) {
    if (isRule(rule))
      tools.rule(rule, { file: 'migration.json', pointer: joinPointer('/fields', field) }, { expects: 'any', fields: new Map([...model.fields]) });
  }
}

function checkDelaySpec(spec: DelaySpec, { file, pointer, options, report }: { file: string; pointer: string; options: CheckOptions; report: Report }): void {
  if (typeof spec === 'object') {
    const kinds = ['business', 'until', 'rule'].filter((key) => Object.hasOwn(spec, key));
    if (kinds.length !== 1) {
      report.add('DELAY_SHAPE', { file, pointer });
      return;
    }
  }
  for (const one of checkDelay(spec, options)) report.addWorded(file, { ...one, pointer: pointer + one.pointer });
}

function checkRulesFile(tools: Tools): void {
  const { model, report, scope } = tools;
  const rules = model.files['rules.json'];
  const file = 'rules.json';
  const uses = new Map<string, TransitionNode[]>();
  for (const transition of model.transitions) if (transition.guard !== null) uses.set(transition.guard, [...(uses.get(transition.guard) ?? []), transition]);
  for (const [name, rule] of Object.entries(rules?.guards ?? {})) {
    checkName(name, 'guard', { file, pointer: joinPointer('/guards', name), report });
    tools.rule(rule, { file, pointer: joinPointer('/guards', name) }, { ...scopeOf(uses.get(name) ?? [], model, scope), expects: 'boolean' });
  }
  for (const [field, rule] of Object.entries(rules?.values ?? {})) {
    const place = { file, pointer: joinPointer('/values', field) };
    checkKnown(field, model.fields, report, { code: 'FIELD_UNKNOWN', fact: 'field', ...place });
    tools.rule(rule, place, { expects: 'any' });
  }
  for (const [name, check] of Object.entries(rules?.checks ?? {})) {
    const pointer = joinPointer('/checks', name);
    checkName(name, 'check', { file, pointer, report });
    tools.rule(check.rule, { file, pointer: `${pointer}/rule` }, { expects: 'boolean' });
    if (check.field !== undefined) checkKnown(check.field, model.fields, report, { code: 'FIELD_UNKNOWN', fact: 'field', file, pointer: `${pointer}/field` });
  }
  for (const [name, spec] of Object.entries(rules?.delays ?? {})) {
    checkName(name, 'delay', { file, pointer: joinPointer('/delays', name), report });
    tools.delay(spec, { file, pointer: joinPointer('/delays', name) });
  }
  checkValueCircles(tools);
}

/** Computed fields are worked out each after those it reads, so none may read itself by way of others. */
function checkValueCircles({ model, report }: Tools): void {
  const values = new Map(Object.entries(model.files['rules.json']?.values ?? {}));
  const reads = (field: string): readonly string[] => {
    try {
      return readsOf(values.get(field) ?? null).flatMap((path) => (path.startsWith('record.') ? [path.split('.')[1] as string] : []));
    } catch {
      return [];
    }
  };
  const done = new Set<string>();
  const visit = (field: string, path: readonly string[]): void => {
    if (!values.has(field) || done.has(field)) return;
    if (path.includes(field)) {
      const circle = path.slice(path.indexOf(field));
      // A value that reads only its own former self keeps or counts something: that is no circle.
      if (circle.length > 1)
        report.add('VALUES_CIRCULAR', { file: 'rules.json', pointer: joinPointer('/values', field) }, { field, path: [...circle, field].join(' → ') });
      return;
    }
    for (const other of reads(field)) visit(other, [...path, field]);
    done.add(field);
  };
  for (const field of values.keys()) visit(field, []);
}

function checkFormRules({ model, rule }: Tools): void {
  for (const [field, schema] of model.fields) {
    const showWhen = schema['x-charter']?.showWhen;
    if (showWhen === undefined || typeof showWhen === 'boolean') continue;
    rule(showWhen, { file: 'form.json', pointer: `${joinPointer('/properties', field)}/x-charter/showWhen` }, { expects: 'boolean' });
  }
}

/** Defaults of forms: a rule, or a literal (which another check holds against the field). */
function checkFormDefaults({ model, rule }: Tools): void {
  const check = (form: readonly unknown[] | undefined, file: string, pointer: string): void => {
    for (const [index, entry] of (form ?? []).entries()) {
      const preset = typeof entry === 'object' && entry !== null ? (entry as { default?: Rule }).default : undefined;
      if (preset !== undefined && isRule(preset)) rule(preset, { file, pointer: `${pointer}/${index}/default` }, { expects: 'any' });
    }
  };
  for (const { spec, pointer } of model.transitions) check(spec.meta?.form, 'statechart.json', `${pointer}/meta/form`);
  check(model.files['process.json']?.create?.form, 'process.json', '/create/form');
}

function checkActionRules(action: PlacedAction, tools: Tools): void {
  const { spec, file, pointer } = action;
  if (!spec.params) return;
  const scope = scopeOf(usesOf(action, tools.model), tools.model, tools.scope);
  if (spec.type === 'raise' && spec.params.delay !== undefined) checkRaiseDelay(spec.params.delay, { ...action, pointer: `${pointer}/params/delay` }, tools);
  checkInner(spec.type === 'raise' ? without(spec.params, 'delay') : spec.params, { file, pointer: `${pointer}/params` }, { ...tools, scope });
}

function without(params: JsonObject, key: string): JsonObject {
  const { [key]: _gone, ...rest } = params;
  return rest;
}

/** A raise is delayed as a timer is: by a duration, milliseconds, working time, an instant, a rule, or a delay of rules.json. */
function checkRaiseDelay(delay: Json, { file, pointer }: PlacedAction, { model, report, rule, delay: checkSpec }: Tools): void {
  if (isRule(delay)) {
    rule(delay, { file, pointer }, { expects: 'duration', allowLiteral: true });
    return;
  }
  if (typeof delay === 'object' && delay !== null && !Array.isArray(delay)) {
    if (delayShapes.includes(Object.keys(delay).sort().join())) checkSpec(delay as DelaySpec, { file, pointer });
    else report.add('DELAY_SHAPE', { file, pointer });
    return;
  }
  if (typeof delay === 'number' && delay >= 0) return;
  if (typeof delay === 'string' && (parseDuration(delay) !== null || Object.hasOwn(model.files['rules.json']?.delays ?? {}, delay))) return;
  report.add('DELAY_INVALID', { file, pointer }, { found: shown(delay), reason: 'it is neither a duration nor a rule, nor the name of a delay' });
}

/** The keys of each kind of delay that is an object. */
const delayShapes: readonly string[] = ['business,calendar', 'until', 'rule'];

/** Rules anywhere inside the params of an action. */
function checkInner(value: Json, { file, pointer }: { file: string; pointer: string }, tools: Tools): void {
  if (isRule(value)) {
    tools.rule(value, { file, pointer }, { ...tools.scope, expects: 'any', allowLiteral: true });
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) checkInner(inner as Json, { file, pointer: joinPointer(pointer, key) }, tools);
}

function checkProcessRules(tools: Tools): void {
  const process = tools.model.files['process.json'];
  const file = 'process.json';
  const condition = (one: (Condition & { readonly reason?: Rule }) | undefined, pointer: string): void => {
    if (one?.when !== undefined) tools.rule(one.when, { file, pointer: `${pointer}/when` }, { expects: 'boolean' });
    if (one?.reason !== undefined) tools.rule(one.reason, { file, pointer: `${pointer}/reason` }, { expects: 'any' });
  };
  for (const [name, clock] of Object.entries(process?.clocks ?? {})) {
    const pointer = joinPointer('/clocks', name);
    condition(clock.runs, `${pointer}/runs`);
    condition(clock.pauses, `${pointer}/pauses`);
    condition(clock.stops, `${pointer}/stops`);
    tools.delay(clock.target, { file, pointer: `${pointer}/target` });
  }
  for (const [name, approval] of Object.entries(process?.approvals ?? {})) {
    const pointer = joinPointer('/approvals', name);
    for (const [index, rule] of (approval.exclude ?? []).entries()) tools.rule(rule, { file, pointer: `${pointer}/exclude/${index}` }, { expects: 'any' });
    for (const [index, step] of approval.steps.entries()) {
      const at = `${pointer}/steps/${index}`;
      if (step.when !== undefined) tools.rule(step.when, { file, pointer: `${at}/when` }, { expects: 'boolean' });
      for (const who of ['teams', 'users'] as const)
        if (step.voters[who] !== undefined) tools.rule(step.voters[who], { file, pointer: `${at}/voters/${who}` }, { expects: 'any' });
    }
  }
}
