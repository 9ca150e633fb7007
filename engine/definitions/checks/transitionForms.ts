/** Forms of transitions: candidates that may compete for one event must ask for the same, of fields that people can fill. */
import canonicalize from 'canonicalize';
import type { FormField, Rule } from '../authored.js';
import { isInside, type Model, type StateNode, type TransitionNode, withAncestors } from '../model.js';
import { formFields } from '../normal.js';
import type { Report } from '../report.js';
import type { CheckContext } from './check.js';
import { checkKnown } from './names.js';

export function checkTransitionForms(model: Model, report: Report, { unreadable }: CheckContext): void {
  checkAgreement(model, report);
  if (unreadable.has('form.json')) return;
  for (const { spec, pointer } of model.transitions)
    checkFormFields(spec.meta?.form, model, { report, file: 'statechart.json', pointer: `${pointer}/meta/form` });
  checkFormFields(model.files['process.json']?.create?.form, model, { report, file: 'process.json', pointer: '/create/form' });
}

function checkFormFields(
  list: readonly FormField[] | undefined,
  model: Model,
  { report, file, pointer }: { report: Report; file: string; pointer: string },
): void {
  const seen = new Set<string>();
  for (const [index, { field, required }] of formFields(list, model.files['form.json']).entries()) {
    const at = `${pointer}/${index}${typeof list?.[index] === 'string' ? '' : '/field'}`;
    if (seen.has(field)) report.add('FIELD_ASKED_TWICE', { file, pointer: at }, { field });
    seen.add(field);
    if (!checkKnown(field, model.fields, report, { code: 'FIELD_UNKNOWN', fact: 'field', file, pointer: at })) continue;
    const never = neverFilled(model, field);
    if (never !== null) report.add(required ? 'FIELD_NEVER_FILLED' : 'FIELD_READ_ONLY', { file, pointer: at }, { field, reason: never });
  }
}

/** Why nobody can fill a field, or null. */
function neverFilled(model: Model, field: string): string | null {
  const schema = model.fields.get(field);
  if (!schema) return null;
  if (schema.readOnly === true) return 'it is read-only';
  return isNever(schema['x-charter']?.showWhen) ? 'its `showWhen` never holds, so it is never shown' : null;
}

function isNever(rule: Rule | undefined): boolean {
  if (rule === undefined) return false;
  if (rule === null || rule === false || rule === 0 || rule === '') return true;
  if (typeof rule !== 'object' || Array.isArray(rule)) return false;
  const negated = (rule as { readonly [operator: string]: Rule })['!'];
  const operand = Array.isArray(negated) ? negated[0] : negated;
  return operand === true;
}

/** Candidates that can be selected in the same configuration and ask for different fields. */
function checkAgreement(model: Model, report: Report): void {
  const byEvent = new Map<string, TransitionNode[]>();
  for (const transition of model.transitions) {
    if (transition.kind !== 'on' || !transition.spec.meta?.form) continue;
    const known = byEvent.get(transition.event);
    if (known) known.push(transition);
    else byEvent.set(transition.event, [transition]);
  }
  for (const [event, group] of byEvent) {
    const distinct = new Set(group.map(formText));
    if (distinct.size < 2) continue;
    for (const [index, later] of group.entries()) {
      const other = group.slice(0, index).find((earlier) => formText(earlier) !== formText(later) && mayCompete(earlier.source, later.source, event));
      if (other)
        report.add(
          'FORMS_DIFFER',
          { file: 'statechart.json', pointer: `${later.pointer}/meta/form` },
          { event, where: `${other.source.path || 'the chart'} and ${later.source.path || 'the chart'}` },
        );
    }
  }
}

/** The form as it counts: fields, whether required, defaults; how it is written does not matter. */
function formText({ spec }: TransitionNode): string {
  return canonicalize(formFields(spec.meta?.form)) ?? '';
}

/** The same state; a state around that is asked when all candidates inside have guards; or a region beside. */
function mayCompete(one: StateNode, other: StateNode, event: string): boolean {
  if (one === other) return true;
  if (isInside(one, other)) return allGuarded(one, event);
  if (isInside(other, one)) return allGuarded(other, event);
  const around = withAncestors(one).find((state) => withAncestors(other).includes(state));
  return around?.type === 'parallel';
}

function allGuarded(state: StateNode, event: string): boolean {
  return state.transitions.filter(({ kind, event: own }) => kind === 'on' && own === event).every(({ guard }) => guard !== null);
}
