/** The kinds of values operators take. */

import { type Argument, kindWords, report, reportMissing } from './checking.js';
import { checkCalendarName } from './checkNames.js';
import { parseDuration } from './durations.js';
import { parseInstant } from './instants.js';
import type { ArgumentKind } from './operatorKinds.js';
import { shown } from './problems.js';

type Check = (operator: string, argument: Argument) => void;

const checks: { readonly [kind in ArgumentKind]?: Check } = {
  number: (operator, argument) => {
    expect(operator, argument, ['number']);
    reportMissing(argument, 'the calculation would fail or count it as 0');
  },
  text: (operator, argument) => {
    expect(operator, argument, ['text']);
    if (operator === 'substr') reportMissing(argument, 'it would be read as the text "null"');
    else if (operator === 'starts_with' && argument.place.pointer.endsWith('/1')) reportMissing(argument, '"starts_with" would fail');
  },
  list: (operator, argument) => expect(operator, argument, ['list']),
  scalar: (operator, argument) => expect(operator, argument, ['boolean', 'number', 'text']),
  haystack: (operator, argument) => expect(operator, argument, ['list', 'text']),
  instant: checkInstant,
  length: checkLength,
  condition: (_, argument) => checkCondition(argument),
  name: (operator, argument) => {
    if (['business_plus', 'business_between', 'in_hours'].includes(operator)) checkCalendarName(argument);
  },
};

/** Reports an argument that is not of the kind its operator takes, or may be absent where that goes wrong. */
export function checkArgument(operator: string, kind: ArgumentKind, argument: Argument): void {
  checks[kind]?.(operator, argument);
}

function expect(operator: string, { shape, place }: Argument, kinds: readonly string[]): void {
  if (shape.kind === 'any' || kinds.includes(shape.kind) || (shape.kind === 'null' && kinds.length > 1)) return;
  const code = shape.kind === 'list' && !kinds.includes('number') ? 'RULE_LIST_COMPARED' : 'RULE_TYPE';
  const numeric =
    kinds.includes('number') &&
    !kinds.includes('text') &&
    typeof shape.literal === 'string' &&
    shape.literal.trim() !== '' &&
    Number.isFinite(Number(shape.literal));
  report(place, numeric ? 'RULE_NUMBER_AS_TEXT' : code, `"${operator}" cannot use ${kindWords(shape)} here.`);
}

function checkInstant(operator: string, argument: Argument): void {
  const { shape, place } = argument;
  if (shape.literal !== undefined && shape.literal !== null) {
    if (typeof shape.literal !== 'string' || parseInstant(shape.literal) === null)
      report(place, 'RULE_INSTANT_INVALID', `${shown(shape.literal)} is not an instant.`);
    return;
  }
  if (shape.kind !== 'any' && shape.kind !== 'null' && !(shape.kind === 'text' && (shape.format === 'date' || shape.format === 'date-time'))) {
    report(place, 'RULE_TYPE', `"${operator}" takes an instant, not ${kindWords(shape)}.`);
  } else if (shape.kind === 'null') report(place, 'RULE_TYPE', `"${operator}" takes an instant, not null.`);
  else if (['before', 'after', 'in_hours'].includes(operator)) reportMissing(argument, `"${operator}" would fail`);
}

function checkLength(operator: string, { shape, place }: Argument): void {
  const fixed = operator !== 'plus' && operator !== 'minus';
  for (const value of shape.kind === 'text' ? (shape.values ?? []) : []) {
    const parts = typeof value === 'string' ? parseDuration(value) : null;
    if (parts === null) report(place, 'RULE_DURATION_INVALID', `${shown(value)} is not an ISO 8601 duration.`);
    else if (fixed && (parts.months > 0 || parts.years > 0))
      report(place, 'RULE_DURATION_INVALID', `${shown(value)} has no fixed length: months and years vary.`);
  }
  if ((shape.kind === 'text' && shape.values !== undefined) || shape.kind === 'any' || shape.kind === 'number' || shape.kind === 'null') return;
  if (shape.kind !== 'text' || shape.format !== 'duration') report(place, 'RULE_TYPE', `"${operator}" takes a duration, not ${kindWords(shape)}.`);
}

function checkCondition({ shape, place, rule }: Argument): void {
  if (shape.kind === 'text' || shape.kind === 'number' || shape.kind === 'object') {
    report(place, 'RULE_TRUTHINESS', `This is ${kindWords(shape)}, not yes or no.`);
  } else if (shape.kind === 'list' && Array.isArray(rule)) report(place, 'RULE_NOT_A_RULE', 'A list of rules is true whatever is in it.');
}
