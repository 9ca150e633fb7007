/** What can be done with a record now, and why the rest can not. */
import type { Json } from '../definitions/authored.js';
import type { AskedFor } from '../definitions/index.js';
import type { AskedField, Refusal, TransitionView } from '../engine.js';
import type { Actor, RecordState } from '../types.js';
import { refusedRole, withheldFields } from './access.js';
import { entitledVoter } from './approvals.js';
import { type FactSource, factsOf } from './facts.js';
import { isEmpty } from './form.js';
import { askedAtCreation, askedBy } from './intake.js';
import { isInternalName } from './internal.js';
import type { Candidate } from './kernel.js';
import type { Program } from './program.js';
import { guardReasons } from './refusals.js';
import type { StepContext } from './step.js';

/** The events of the present state for one actor; `step` is a context that is thrown away. */
export function availableTransitions(program: Program, record: RecordState, step: StepContext): readonly TransitionView[] {
  const events = program.kernel.declared(record).filter((event) => !isInternalName(event));
  const paths = program.kernel.pathSet(record);
  return events.flatMap((event) => {
    const candidates = program.kernel.candidates(record, event).filter((candidate) => !candidate.forbidden);
    return candidates.length === 0 ? [] : [viewOf(program, { record, step, candidates, source: { step, event: { type: event, data: {} }, paths } })];
  });
}

/** What creation asks for, and whether the actor may create. */
export function creationView(program: Program, actor: Actor, step: StepContext): TransitionView {
  const { create, title } = program.process;
  const roles = create?.roles ?? [];
  const refused = roles.length > 0 && !roles.some((role) => actor.roles.includes(role));
  const auditor = actor.roles.includes('auditor');
  const source: FactSource = { step, event: { type: 'create', data: {} }, paths: new Set() };
  return {
    type: 'create',
    title: create?.title ?? `New ${(title ?? program.key).toLowerCase()}`,
    description: null,
    help: null,
    emphasis: 'primary',
    available: !refused && !auditor,
    dependsOn: [],
    reasons: refused || auditor ? [roleReason(auditor ? 'auditor' : 'role', roles)] : [],
    whoCould: roles,
    form: askedFields(program, askedAtCreation(program), source),
    targets: [],
  };
}

interface Around {
  readonly record: RecordState;
  readonly step: StepContext;
  readonly candidates: readonly Candidate[];
  readonly source: FactSource;
}

function viewOf(program: Program, around: Around): TransitionView {
  const { candidates, source, step } = around;
  const first = candidates[0] as Candidate;
  const asked = askedBy(program, candidates);
  const roleReasons = refusedRoles(around);
  const dependsOn = guardFields(program, candidates, asked);
  const guards = guardReasons(program, candidates, source);
  const open = candidates.some((candidate) => candidate.guard === null || !guards.some((reason) => reason.rule === candidate.guard));
  const votes = voteReasons(program, around);
  const reasons = [...roleReasons, ...votes, ...(open || dependsOn.length > 0 ? [] : guards)];
  return {
    type: source.event.type,
    title: first.meta.title ?? sentenceCase(source.event.type),
    description: first.description,
    help: first.meta.help ?? null,
    emphasis: first.meta.emphasis ?? null,
    available: reasons.length === 0,
    dependsOn: open ? [] : dependsOn,
    reasons,
    whoCould: [...new Set(candidates.flatMap((candidate) => candidate.meta.roles ?? []))],
    form: askedFields(program, asked, { ...source, step }),
    targets: [...new Set(candidates.flatMap((candidate) => candidate.targets))].map((path) => program.kernel.stateTitle(path)),
  };
}

function refusedRoles({ candidates, step }: Around): readonly Refusal[] {
  const record = { ...step.record, createdBy: step.createdBy };
  const refusals = candidates.map((candidate) => refusedRole(candidate, step.actor, record));
  const first = refusals[0];
  return first && refusals.every((refusal) => refusal !== null) ? [roleReason(first.rule, first.needed)] : [];
}

/** An event that votes is open only to those who may vote in the open step. */
function voteReasons(program: Program, { candidates, step }: Around): readonly Refusal[] {
  const names = new Set(candidates.flatMap((candidate) => program.votesOf(candidate)));
  return [...names].flatMap((name): readonly Refusal[] => {
    const state = step.approvals[name];
    const spec = program.approvals.get(name)?.spec;
    if (!state || !spec) return [];
    const standsIn = (voter: string) => {
      const user = step.lookups.user(voter);
      return spec.standIns !== false && user !== null && user.absent && user.standIn === step.actor.id;
    };
    if (entitledVoter(state, step.actor.id, standsIn) !== null) return [];
    const open = state.steps.find((candidate) => candidate.name === state.step);
    return [
      {
        rule: 'votes',
        sentence: open ? `Only the voters of this step may vote, each once: ${open.voters.join(', ') || 'nobody'}` : 'No vote is open',
        parts: [],
      },
    ];
  });
}

function roleReason(rule: string, needed: readonly string[]): Refusal {
  if (rule === 'auditor') return { rule: 'role', sentence: 'Auditors read everything and change nothing', parts: [] };
  return { rule, sentence: rule === 'named' ? `Only those named as ${needed.join(' or ')} may do this` : `Only ${needed.join(', ')} may do this`, parts: [] };
}

/** Fields of the form that an unmet guard reads, directly or through a computed field. */
function guardFields(program: Program, candidates: readonly Candidate[], asked: readonly AskedFor[]): readonly string[] {
  const fields = new Set(asked.map((entry) => entry.field));
  const computed = new Map(program.values);
  const reads = new Set<string>();
  const follow = (paths: readonly string[]): void => {
    for (const path of paths) {
      const [root, field] = path.split('.');
      if ((root !== 'record' && root !== 'event') || field === undefined || reads.has(field)) continue;
      reads.add(field);
      follow(computed.get(field)?.reads ?? []);
    }
  };
  for (const candidate of candidates) if (candidate.guard) follow(program.guards.get(candidate.guard)?.reads ?? []);
  return [...reads].filter((field) => fields.has(field));
}

/** A value the actor may not see is not shown, and is asked for only where it must be given: left empty it would be emptied. */
function askedFields(program: Program, asked: readonly AskedFor[], source: FactSource): readonly AskedField[] {
  const withheld = withheldFields(program.fields, source.step.actor);
  const unseen = (field: string): boolean => withheld.has(field) && !isEmpty(source.step.record[field]);
  return asked
    .filter(({ field, required }) => required || !unseen(field))
    .map(({ field, required, default: fallback }) => ({
      field,
      required,
      schema: program.fields.get(field) ?? {},
      value: unseen(field) ? null : valueFor(program, { field, fallback }, source),
      choices: program.fieldSet.choices(field),
    }));
}

function valueFor(program: Program, { field, fallback }: { field: string; fallback: Json | undefined }, source: FactSource): Json | null {
  const present = source.step.record[field];
  if (!isEmpty(present)) return present as Json;
  if (fallback === undefined) return source.step.number === '' ? (program.fields.get(field)?.default ?? null) : null;
  return program.rule(fallback, `default of ${field}`).evaluate(factsOf(program, source), source.step.environment);
}

function sentenceCase(type: string): string {
  const words = type.toLowerCase().replaceAll(/[_-]+/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
