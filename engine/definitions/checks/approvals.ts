/** Approvals: a state, fields that bind, voters, and transitions for every outcome. */

import { readsOf } from '../../rules/index.js';
import type { Json } from '../authored.js';
import { isInside, type Model, nameOf, type StateNode, withAncestors } from '../model.js';
import { joinPointer } from '../pointer.js';
import type { Report } from '../report.js';
import type { CheckContext } from './check.js';
import { checkKnown } from './names.js';
import { checkState } from './process.js';

const file = 'process.json';

export function checkApprovals(model: Model, report: Report, { unreadable }: CheckContext): void {
  for (const [name, approval] of Object.entries(model.files['process.json']?.approvals ?? {})) {
    const pointer = joinPointer('/approvals', name);
    checkState(approval.state, { model, report, pointer: `${pointer}/state` });
    if (!unreadable.has('form.json')) {
      for (const [index, field] of approval.binds.entries())
        checkKnown(field, model.fields, report, { code: 'FIELD_UNKNOWN', fact: 'field', file, pointer: `${pointer}/binds/${index}` });
    }
    const seen = new Set<string>();
    for (const [index, { name: step, voters }] of approval.steps.entries()) {
      if (seen.has(step)) report.add('APPROVAL_STEP_DUPLICATE', { file, pointer: `${pointer}/steps/${index}/name` }, { name: step });
      seen.add(step);
      const nobody = voters.users === undefined && voters.teams === undefined && (voters.roles ?? []).length === 0;
      if (nobody) report.add('APPROVAL_NO_VOTERS', { file, pointer: `${pointer}/steps/${index}/voters` }, { name: step });
    }
    const state = model.byPath.get(approval.state);
    if (state) checkOutcomes(name, state, { binds: approval.binds.length > 0, pointer, model, report });
  }
}

function checkOutcomes(
  name: string,
  state: StateNode,
  { binds, pointer, model, report }: { binds: boolean; pointer: string; model: Model; report: Report },
): void {
  const place = { file, pointer };
  const missing = (outcome: string): boolean => !isHandled(`approval.${name}.${outcome}`, state, model);
  if (binds && missing('lapsed')) report.add('APPROVAL_LAPSE_UNHANDLED', place, { event: `approval.${name}.lapsed`, state: nameOf(state) });
  const asked = readsVotes(name, model);
  for (const outcome of ['approved', 'refused']) {
    if (missing(outcome) && !asked) report.add('APPROVAL_OUTCOME_UNHANDLED', place, { event: `approval.${name}.${outcome}`, state: nameOf(state) });
  }
  const votes = model.actions.some(({ spec }) => spec.type === 'vote' && spec.params?.approval === name);
  if (!votes) report.add('APPROVAL_NO_VOTE', place, { approval: name, state: nameOf(state) });
}

/** Whether the event is handled by the state, one around it, one inside it, or a region beside it. */
function isHandled(event: string, state: StateNode, { states }: Model): boolean {
  const around = withAncestors(state);
  return states.some((other) => {
    if (!other.transitions.some((transition) => transition.kind === 'on' && transition.event === event)) return false;
    if (around.includes(other) || isInside(other, state)) return true;
    return withAncestors(other).find((shared) => around.includes(shared))?.type === 'parallel';
  });
}

/** Whether a guard reads how the approval stands, so that its outcome leads on without an event. */
function readsVotes(name: string, { files }: Model): boolean {
  return Object.values(files['rules.json']?.guards ?? {}).some((rule) => reads(rule).some((path) => path.startsWith(`votes.${name}.`)));
}

function reads(rule: Json): readonly string[] {
  try {
    return readsOf(rule);
  } catch {
    return [];
  }
}
