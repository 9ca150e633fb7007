/** A refused step as a form shows it: what is wrong at which field, and what is wrong with the step. */
import { EngineError, type FieldProblem, type Refusal } from '../../engine/index.js';
import type { ActionWords, RefusedActionView } from '../presenters/actions.js';
import { tellRefusal } from '../presenters/actions.js';

export interface RefusalView {
  readonly title: string;
  readonly detail: string | null;
  readonly remedy: string;
  readonly reasons: RefusedActionView['reasons'];
  readonly fields: readonly FieldProblem[];
}

const shown = new Set([
  'DATA_INVALID',
  'CHECK_REFUSED',
  'GUARD_REFUSED',
  'ROLE_REFUSED',
  'VOTE_REFUSED',
  'RULE_FAILED',
  'EVENT_NOT_ACCEPTED',
  'RECORD_FINISHED',
  'IDEMPOTENCY_MISMATCH',
  'LINK_REFUSED',
  'BUSY',
  'READ_ONLY',
  'TOO_LARGE',
  'WRONG_TYPE',
  'SIGNAL_CIRCULAR',
]);

/** Whether the form can be shown again with this error; others are pages of their own. */
export function isRefusal(error: unknown): error is EngineError {
  return error instanceof EngineError && shown.has(error.code);
}

export function fieldsOf(error: EngineError): readonly FieldProblem[] {
  return Array.isArray(error.facts.fields) ? (error.facts.fields as readonly FieldProblem[]) : [];
}

export function refusalView(error: EngineError, words: ActionWords): RefusalView {
  const reasons = Array.isArray(error.facts.reasons) ? (error.facts.reasons as readonly Refusal[]) : [];
  const rule = typeof error.facts.rule === 'string' ? `Rule “${error.facts.rule}”. ` : '';
  const reason = typeof error.facts.reason === 'string' ? error.facts.reason : '';
  const needed = Array.isArray(error.facts.needed) ? `Needed: ${error.facts.needed.map((role) => words.roleTitle(String(role))).join(' or ')}.` : '';
  return {
    title: error.message,
    detail: (error.code === 'RULE_FAILED' ? rule + reason : reason || needed) || null,
    remedy: error.remedy,
    // A check's sentence stands at its field already.
    reasons: reasons
      .filter(({ sentence }) => !fieldsOf(error).some(({ message }) => message === sentence))
      .map((entry) => tellRefusal({ rule: entry.rule, sentence: entry.sentence, parts: entry.parts ?? [] }, words)),
    fields: fieldsOf(error),
  };
}
