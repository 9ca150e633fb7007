/** The built-in actions: a short, closed list. Those inside the step change its working state; the rest come out as data. */
import type { ActionSpec, DelaySpec, Json, JsonObject, LinkSpec, ProcessFiles, Rule } from '../definitions/authored.js';
import { EngineError } from '../errors.js';
import { type CompiledDelay, type CompiledRule, compileDelay, isRule } from '../rules/index.js';
import { beginAttempt, castVote, entitledVoter } from './approvals.js';
import type { QuotedFields } from './factBook.js';
import { factsOf } from './facts.js';
import type { ActionRun } from './kernel.js';
import type { CompiledApproval } from './program.js';
import type { StepContext } from './step.js';

export interface ProgramActions {
  run(action: ActionSpec, run: ActionRun): void;
  /** The built-ins a name stands for; a built-in stands for itself. */
  expand(name: string): readonly ActionSpec[];
}

interface ActionProgram {
  readonly key: string;
  readonly files: ProcessFiles;
  readonly quoted: QuotedFields;
  readonly approvals: ReadonlyMap<string, CompiledApproval>;
  readonly links: ReadonlyMap<string, LinkSpec>;
  readonly delays: ReadonlyMap<string, CompiledDelay>;
  rule(rule: Rule, name: string): CompiledRule;
}

/** An action with its parameters' rules evaluated. */
interface Call {
  readonly program: ActionProgram;
  readonly run: ActionRun;
  readonly params: JsonObject;
  /** Evaluates one parameter: a rule gives its value, `{literal: x}` gives x, anything else is itself. */
  value(source: Json | undefined): Json;
}

type ActionHandler = (call: Call) => void;

const handlers: ReadonlyMap<string, ActionHandler> = new Map(
  Object.entries({
    set: ({ params, run, value }: Call) => {
      const patch = Object.fromEntries(Object.entries(params).map(([field, source]) => [field, value(source)]));
      run.step.record = withoutNulls({ ...run.step.record, ...patch });
    },
    raise: (call: Call) => {
      const { params, run, value } = call;
      const event = String(params.event);
      const data = values(params.data, value);
      if (params.delay === undefined) {
        run.step.raisedWithin.push(event);
        run.raise({ type: event, data });
      } else {
        const id = typeof params.id === 'string' ? params.id : event;
        const dueAt = dueOf(call, params.delay);
        const { [id]: _replaced, ...others } = run.step.raised;
        run.step.raised = dueAt === null ? others : { ...others, [id]: { event, data, dueAt } };
      }
    },
    cancel: ({ params, run }: Call) => {
      const { [String(params.id)]: _gone, ...rest } = run.step.raised;
      run.step.raised = rest;
    },
    vote: (call: Call) => vote(call),
    create: ({ params, run, value }: Call) =>
      void run.step.children.push({
        process: String(params.process),
        data: values(params.data, value),
        ...(typeof params.link === 'string' ? { link: params.link } : {}),
      }),
    link: ({ params, run, value }: Call) => {
      for (const to of textList(value(params.to)))
        run.step.linkChanges.push({ name: String(params.name), to, ...(params.remove === true ? { remove: true } : {}) });
    },
    signal: ({ params, run, value, program }: Call) => {
      const event = `${program.key}.${String(params.event)}`;
      const data = values(params.data, value);
      if (typeof params.link === 'string') {
        const { reverse, to } = program.links.get(params.link) ?? {};
        const from = reverse === undefined ? {} : { reverse: { name: reverse, processes: to ?? [] } };
        run.step.effects.push({ type: 'signal', event, link: params.link, ...from, data, trail: trailOf(run) });
      }
      for (const record of textList(params.to === undefined ? null : value(params.to)))
        run.step.effects.push({ type: 'signal', event, record, data, trail: trailOf(run) });
    },
    notify: ({ params, run, value }: Call) => {
      const { to, message, ...rest } = params;
      const recipients = textList(deepValues(to ?? null, value));
      if (recipients.length > 0) run.step.effects.push({ type: 'notify', to: recipients, message: String(message), params: values(rest, value) });
    },
    webhook: ({ params, run, value }: Call) =>
      void run.step.effects.push({ type: 'webhook', target: String(params.target), body: deepValues(params.body ?? {}, value) }),
    measure: ({ params, run, value }: Call) => {
      const [from = null, to = null] = [params.from, params.to].map((source) => textList(value(source))[0]);
      run.step.effects.push({ type: 'measure', kpis: textList(params.kpis ?? null), from, to, trail: trailOf(run) });
    },
    'charter.approval.begin': (call: Call) => begin(call),
    'charter.approval.end': (call: Call) => end(call),
  }),
);

/** Prepares the actions of a process: built-ins and the named lists of `rules.json`. */
export function actionsFor(program: ActionProgram): ProgramActions {
  const named = program.files['rules.json']?.actions ?? {};
  const expand = (name: string): readonly ActionSpec[] => {
    if (!Object.hasOwn(named, name)) return [{ type: name }];
    return (named[name] ?? []).flatMap((entry) => {
      const spec: ActionSpec = typeof entry === 'string' ? { type: entry } : entry;
      return Object.hasOwn(named, spec.type) ? expand(spec.type) : [spec];
    });
  };
  return {
    expand,
    run(action, run) {
      const handler = handlers.get(action.type);
      if (!handler) throw new EngineError('RULE_FAILED', { rule: action.type, reason: 'there is no such action' });
      handler({ program, run, params: action.params ?? {}, value: (source) => evaluate(program, run, source, action.type) });
    },
  };
}

function evaluate(program: ActionProgram, run: ActionRun, source: Json | undefined, name: string): Json {
  if (source === undefined) return null;
  if (!isRule(source)) return source;
  return program.rule(source, name).evaluate(factsOf(program, run), run.step.environment);
}

function values(source: Json | undefined, value: Call['value']): JsonObject {
  if (typeof source !== 'object' || source === null || Array.isArray(source)) return {};
  return withoutNulls(Object.fromEntries(Object.entries(source as JsonObject).map(([key, inner]) => [key, value(inner)])));
}

function deepValues(source: Json, value: Call['value']): Json {
  if (isRule(source)) return value(source);
  if (Array.isArray(source)) return source.map((item: Json) => deepValues(item, value));
  if (typeof source !== 'object' || source === null) return source;
  return Object.fromEntries(Object.entries(source).map(([key, inner]) => [key, deepValues(inner as Json, value)]));
}

/** When a delayed event falls due, worked out as a timer's delay is: what has passed is due now, nothing is never (null). */
function dueOf({ program, run, value }: Call, source: Json): number | null {
  const spec = isRule(source) ? value(source) : source;
  const named = typeof source === 'string' ? program.delays.get(source) : undefined;
  const delay = named ?? compileDelay('raise', (spec ?? '') as DelaySpec);
  const dueAt = delay.due(factsOf(program, run), run.step.environment, run.step.at);
  return dueAt === null ? null : Math.max(dueAt, run.step.at);
}

/** The signals that led to this step and the step itself. */
function trailOf({ step }: ActionRun): readonly string[] {
  return [...step.trail, step.number];
}

function textList(value: Json): readonly string[] {
  const list = Array.isArray(value) ? (value as readonly Json[]).flat() : [value];
  return list.filter((item): item is string => typeof item === 'string' && item !== '');
}

/** A field set to null is no longer there. */
export function withoutNulls(data: JsonObject): JsonObject {
  return Object.values(data).includes(null) ? Object.fromEntries(Object.entries(data).filter(([, value]) => value !== null)) : data;
}

// ---- approvals --------------------------------------------------------------------------------------------------------

function approvalOf({ program, params }: Call): CompiledApproval {
  const name = String(params.approval);
  const approval = program.approvals.get(name);
  if (!approval) throw new EngineError('RULE_FAILED', { rule: 'vote', reason: `there is no approval “${name}”` });
  return approval;
}

/** Begins an attempt: fixes who votes in each step, without those who are excluded. */
function begin(call: Call): void {
  const { step } = call.run;
  const approval = approvalOf(call);
  const { name, spec } = approval;
  const facts = () => factsOf(call.program, call.run);
  const excluded = new Set(approval.exclude.flatMap((rule) => textList(rule.evaluate(facts(), step.environment))));
  const voters = spec.steps.map((declared, index) => {
    const { when, users, teams } = approval.steps[index] as CompiledApproval['steps'][number];
    if (when && !when.holds(facts(), step.environment)) return null;
    const named = users ? textList(users.evaluate(facts(), step.environment)).filter((id) => step.lookups.user(id)?.active === true) : [];
    const members = teams ? textList(teams.evaluate(facts(), step.environment)).flatMap((team) => step.lookups.members(team)) : [];
    const holders = (declared.voters.roles ?? []).flatMap((role) => step.lookups.holders(role));
    return [...new Set([...named, ...members, ...holders])].filter((id) => !excluded.has(id)).sort();
  });
  const state = beginAttempt(spec, step.approvals[name], { record: step.record, at: step.at, voters });
  step.approvals = { ...step.approvals, [name]: state };
  announce(call, name);
}

/** Leaving the state ends an open attempt. */
function end(call: Call): void {
  const name = String(call.params.approval);
  const state = call.run.step.approvals[name];
  if (state?.status === 'open') call.run.step.approvals = { ...call.run.step.approvals, [name]: { ...state, status: 'cancelled', step: null } };
}

function vote(call: Call): void {
  const { run, params, value } = call;
  const { name, spec } = approvalOf(call);
  const state = run.step.approvals[name];
  const by = run.step.actor.id;
  if (state?.status !== 'open') throw new EngineError('VOTE_REFUSED', { approval: name, reason: 'no vote is open' });
  const choice = value(params.choice);
  if (choice !== 'approve' && choice !== 'refuse') throw new EngineError('RULE_FAILED', { rule: 'vote', reason: 'the choice is neither approve nor refuse' });
  const voter = entitledVoter(state, by, (other) => spec.standIns !== false && standsIn(run.step, by, other));
  if (voter === null)
    throw new EngineError('VOTE_REFUSED', { approval: name, step: state.step, reason: 'you are not among the voters of the open step, or have voted already' });
  run.step.approvals = { ...run.step.approvals, [name]: castVote(spec, state, { voter, by, choice, at: run.step.at }) };
  announce(call, name);
}

/** An absent voter's stand-in votes for him. */
function standsIn(step: StepContext, by: string, voter: string): boolean {
  const user = step.lookups.user(voter);
  return user?.absent === true && user.standIn === by;
}

function announce({ run }: Call, name: string): void {
  const status = run.step.approvals[name]?.status;
  if (status !== 'approved' && status !== 'refused') return;
  const event = `approval.${name}.${status}`;
  run.step.raisedWithin.push(event);
  run.raise({ type: event, data: { approval: name } });
}
