/** Comparisons between like kinds, with values that can be. */
import type { Json } from '../definitions/authored.js';
import { type Argument, kindWords, report, reportMissing } from './checking.js';
import { shown } from './problems.js';
import { type Shape, truth } from './shapes.js';

/** `==` and its like. */
export function checkEquality(operator: string, [first, second]: readonly [Argument, Argument]): Shape {
  if (isNull(first) || isNull(second)) return truth;
  if (!alike(first, second)) return truth;
  for (const [subject, other] of [
    [first, second],
    [second, first],
  ] as const) {
    if (other.shape.literal !== undefined) checkPossible(other.shape.literal, subject.shape, other);
  }
  const [a, b] = [first.shape, second.shape];
  if (a.literal === undefined && b.literal === undefined) {
    if (disjoint(a.values, b.values)) report(second.place, 'RULE_VALUE_IMPOSSIBLE', 'The two have no value in common.');
    if (a.optional === true && b.optional === true && !operator.startsWith('!')) reportMissing(second, 'two absent values are equal');
    if (a.format === 'date-time' && b.format === 'date-time') report(second.place, 'RULE_INSTANT_AS_TEXT', 'These are instants, compared as texts.');
  }
  for (const [subject, other] of [
    [a, second],
    [b, first],
  ] as const) {
    if (other.shape.literal === false && subject.optional === true)
      reportMissing({ ...other, shape: subject, rule: subject === a ? first.rule : second.rule }, 'absent is not the same as false');
  }
  return truth;
}

/** `<` and its like, of two or three. */
export function checkOrder(found: readonly Argument[]): Shape {
  for (const [index, second] of found.entries()) {
    const first = found[index - 1];
    if (first === undefined) continue;
    const kind = first.shape.kind === 'any' ? second.shape : first.shape;
    if (!alike(first, second)) return truth;
    if (kind.kind === 'boolean') report(second.place, 'RULE_TYPE', 'Truth values have no order.');
    else if (kind.kind === 'text' && index === 1) checkTextOrder(first, second);
  }
  for (const argument of found) {
    if (isNull(argument)) report(argument.place, 'RULE_TYPE', 'null has no order; it would count as 0.');
    else reportMissing(argument, 'it would count as 0');
  }
  return truth;
}

/** `in` and `includes`. */
export function checkMembership(operator: string, first: Argument, second: Argument): Shape {
  const [item, list] = operator === 'in' ? [first, second] : [second, first];
  if (list.shape.kind === 'text') {
    const strict = list.shape.literal !== undefined || list.shape.reference === true || list.shape.values !== undefined || list.shape.choices !== undefined;
    report(list.place, strict ? 'RULE_IN_TEXT' : 'RULE_TEXT_SEARCH', 'This looks for a part of a text, not for an entry of a list.');
    return truth;
  }
  const { element } = list.shape;
  if (element === undefined || isNull(item)) return truth;
  if (!sameKind(item.shape, element)) {
    const code = numberAsText(item.shape, element) ? 'RULE_NUMBER_AS_TEXT' : 'RULE_TYPES_DIFFER';
    report(item.place, code, `${capital(kindWords(item.shape))} is never among entries that are ${kindWords(element)}.`);
    return truth;
  }
  if (item.shape.literal !== undefined) checkPossible(item.shape.literal, element, item);
  else
    for (const [index, value] of (list.shape.entries ?? []).entries())
      checkPossible(value, item.shape, { ...list, place: { ...list.place, pointer: `${list.place.pointer}/${index}` } });
  return truth;
}

function alike(first: Argument, second: Argument): boolean {
  const [a, b] = [first.shape, second.shape];
  if (isNull(first) || isNull(second)) return true;
  for (const argument of [first, second]) {
    if (argument.shape.kind !== 'list' && argument.shape.kind !== 'object') continue;
    report(argument.place, 'RULE_LIST_COMPARED', `${capital(kindWords(argument.shape))} cannot be compared as a whole.`);
    return false;
  }
  if (!sameKind(a, b)) {
    report(second.place, numberAsText(a, b) ? 'RULE_NUMBER_AS_TEXT' : 'RULE_TYPES_DIFFER', `${capital(kindWords(a))} is compared with ${kindWords(b)}.`);
    return false;
  }
  const formats = [a.format, b.format];
  if (formats.includes('date') && formats.includes('date-time')) {
    report(second.place, 'RULE_TYPES_DIFFER', 'A date is compared with an instant; use "date", "before" or "after".');
    return false;
  }
  return true;
}

function sameKind(a: Shape, b: Shape): boolean {
  return a.kind === b.kind || [a.kind, b.kind].some((kind) => kind === 'any' || kind === 'null');
}

/** A number against a text that looks like one, or against a text field: the quotation marks are the mistake. */
function numberAsText(a: Shape, b: Shape): boolean {
  const looksNumeric = (value: Json): boolean => typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value));
  const mistaken = (words: Shape, figure: Shape): boolean =>
    words.kind === 'text' && figure.kind === 'number' && (figure.literal !== undefined || (words.values?.every(looksNumeric) ?? false));
  return mistaken(a, b) || mistaken(b, a);
}

function checkTextOrder(first: Argument, second: Argument): void {
  const formats = [first.shape.format, second.shape.format];
  if (formats.includes('date-time')) report(second.place, 'RULE_INSTANT_AS_TEXT', 'These are instants, compared as texts.');
  else if (!formats.includes('date')) report(second.place, 'RULE_TEXT_ORDER', 'These are texts, ordered by character codes.');
}

/** A literal must be a value that the other side can have. */
function checkPossible(value: Json, shape: Shape, at: Argument): void {
  if (value === null || value === '') return;
  if (shape.values !== undefined && !shape.values.includes(value)) {
    const some = shape.values.slice(0, 8).map(shown).join(', ');
    report(at.place, 'RULE_VALUE_IMPOSSIBLE', `${shown(value)} is none of the possible values (${some}).`);
  } else if (shape.choices !== undefined && !shape.choices.includes(value)) {
    report(at.place, 'RULE_CHOICE_UNKNOWN', `${shown(value)} is not the id of an entry of the list.`);
  }
}

function disjoint(a: readonly Json[] | undefined, b: readonly Json[] | undefined): boolean {
  return a !== undefined && b !== undefined && !a.some((value) => b.includes(value));
}

function isNull({ shape }: Argument): boolean {
  return shape.kind === 'null';
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
