/** What an event may carry: the fields its transitions ask for, checked, with defaults, and references that must exist. */
import type { FieldSchema, Json, JsonObject } from '../definitions/authored.js';
import { type AskedFor, creationFields, formFields } from '../definitions/index.js';
import { EngineError, type FieldProblem } from '../errors.js';
import { withoutNulls } from './actions.js';
import { type FactSource, factsOf } from './facts.js';
import { isEmpty, normalise } from './form.js';
import type { Candidate } from './kernel.js';
import type { Program } from './program.js';
import type { StepContext } from './step.js';

const askedOf = new WeakMap<readonly Candidate[], readonly AskedFor[]>();

/** Fields asked for by an event's candidates in the present state. All candidates of one state share a form. */
export function askedBy(program: Pick<Program, 'form'>, candidates: readonly Candidate[]): readonly AskedFor[] {
  const known = askedOf.get(candidates) ?? askedFor(program, candidates);
  askedOf.set(candidates, known);
  return known;
}

function askedFor(program: Pick<Program, 'form'>, candidates: readonly Candidate[]): readonly AskedFor[] {
  const asked = new Map<string, AskedFor>();
  for (const entry of candidates.flatMap((candidate) => formFields(candidate.meta.form, program.form))) {
    const known = asked.get(entry.field);
    asked.set(entry.field, known ? { ...known, required: known.required || entry.required } : entry);
  }
  return [...asked.values()];
}

/** Fields asked for at creation: the declared ones, or every field that is not computed. */
export function askedAtCreation(program: Program): readonly AskedFor[] {
  return creationFields(program.files);
}

/** Defaults of the form's schema that creation fills in. */
export function schemaDefaults(program: Program): JsonObject {
  return Object.fromEntries(
    [...program.fields]
      .filter(([, schema]) => schema.default !== undefined && schema.default !== null)
      .map(([field, schema]) => [field, schema.default as Json]),
  );
}

/**
 * Checks and completes the data of an event.
 * @returns the data to lay over the record; a field given as null is emptied.
 * @throws EngineError DATA_INVALID naming every field at once.
 */
export function takeIn(program: Program, asked: readonly AskedFor[], given: JsonObject, source: FactSource): JsonObject {
  const completed = withDefaults(program, asked, given, source);
  const hidden = asked.filter((entry) => !isShown(program, entry.field, completed, source));
  const shown = hidden.length === 0 ? asked : asked.filter((entry) => !hidden.includes(entry));
  const data = hidden.length === 0 ? completed : without(completed, hidden);
  const problems: FieldProblem[] = [
    ...hidden
      .filter((entry) => !isEmpty(completed[entry.field]) && Object.hasOwn(given, entry.field))
      .map((entry) => ({ field: entry.field, message: 'This does not apply here; leave it empty.' })),
    ...program.fieldSet.problems(shown, data),
  ];
  const named = problems.length > 0 ? problems : referenceProblems(program, data, { step: source.step, given });
  if (named.length > 0) throw new EngineError('DATA_INVALID', { fields: named });
  return normalise(program.form, data);
}

function without(data: JsonObject, hidden: readonly AskedFor[]): JsonObject {
  return Object.fromEntries(Object.entries(data).filter(([field]) => !hidden.some((entry) => entry.field === field)));
}

/** Defaults see the record with what was given laid over it; while something of that is wrong they would only add noise. */
function withDefaults(program: Program, asked: readonly AskedFor[], given: JsonObject, source: FactSource): JsonObject {
  const missing = asked.filter((entry) => entry.default !== undefined && !Object.hasOwn(given, entry.field) && isEmpty(source.step.record[entry.field]));
  if (missing.length === 0) return given;
  const sent = asked.filter((entry) => Object.hasOwn(given, entry.field));
  if (program.fieldSet.problems(sent, given).length > 0) return given;
  const { facts: _facts, seen: _seen, ...step } = source.step;
  const around: FactSource = { ...source, step: { ...step, record: withoutNulls({ ...step.record, ...normalise(program.form, given) }) } };
  const defaults = missing.map((entry) => [
    entry.field,
    program.rule(entry.default as Json, `default of ${entry.field}`).evaluate(factsOf(program, around), step.environment),
  ]);
  return { ...Object.fromEntries(defaults.filter(([, value]) => value !== null)), ...given };
}

function isShown(program: Program, field: string, data: JsonObject, source: FactSource): boolean {
  const rule = program.fields.get(field)?.['x-charter']?.showWhen;
  if (rule === undefined) return true;
  const facts = factsOf(program, source);
  const merged = { ...facts, record: { ...facts.record, ...data }, event: { ...facts.event, ...data } };
  return program.rule(rule, `showWhen of ${field}`).holds(merged, source.step.environment);
}

/** Users, teams and records that are named must exist, and a record newly named must be one that the actor may see. */
function referenceProblems(program: Program, data: JsonObject, { step, given }: { step: StepContext; given: JsonObject }): readonly FieldProblem[] {
  return Object.entries(data).flatMap(([field, value]) => {
    const reference = program.fields.get(field)?.['x-charter']?.reference;
    if (!reference || isEmpty(value)) return [];
    const names = (Array.isArray(value) ? value : [value]) as readonly Json[];
    const former = [step.record[field] ?? []].flat();
    const hidden = (name: string) => Object.hasOwn(given, field) && !former.includes(name) && step.lookups.mayName?.(name) === false;
    const unknown = names.find((name) => typeof name !== 'string' || !exists(reference, field, name, step) || (reference.kind === 'record' && hidden(name)));
    return unknown === undefined ? [] : [{ field, message: `There is no ${nounOf(reference)} “${String(unknown)}” that you may choose.` }];
  });
}

type Reference = NonNullable<NonNullable<FieldSchema['x-charter']>['reference']>;

function exists(reference: Reference, field: string, name: string, step: StepContext): boolean {
  if (reference.kind === 'user') return step.lookups.user(name) !== null;
  if (reference.kind === 'team') return step.lookups.team(name);
  const found = step.lookups.ref(field, name);
  return found !== null && (reference.process === undefined || found.process === reference.process);
}

function nounOf(reference: Reference): string {
  return reference.kind === 'record' ? 'record' : reference.kind;
}
