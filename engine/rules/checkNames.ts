/** Names that rules mention: tables, lists, calendars, states, roles. */
import type { Json } from '../definitions/authored.js';
import { type Argument, kindWords, type Place, report } from './checking.js';
import { shown } from './problems.js';
import { anyOf, anything, type Shape, shapeOfLiteral, truth } from './shapes.js';

const kindOfType: { readonly [type: string]: Shape['kind'] } = { string: 'text', number: 'number', boolean: 'boolean', object: 'object' };

/** A call of a decision table: its inputs and what it gives. */
export function checkTableCall([name, ...inputs]: readonly Argument[], here: Place): Shape {
  const known = name === undefined ? null : literalName(name, 'table');
  if (known === null) return anything;
  const table = here.checking.options.tables.get(known);
  if (table === undefined) return report((name as Argument).place, 'RULE_TABLE_UNKNOWN', `There is no table "${known}".`);
  if (inputs.length !== table.inputs.length)
    return report(here, 'RULE_TABLE_INPUTS', `The table "${known}" has ${table.inputs.length} inputs, not ${inputs.length}.`);
  for (const [index, { shape, place }] of inputs.entries()) {
    const column = table.inputs[index];
    const kind = kindOfType[column?.type ?? ''];
    if (shape.kind !== 'any' && shape.kind !== 'null' && shape.kind !== kind)
      report(place, 'RULE_TYPES_DIFFER', `The input "${column?.name}" of table "${known}" is a ${column?.type}.`);
    else if (shape.values !== undefined && column?.values !== undefined) checkInputValues(shape.values, column.values, place);
  }
  const optional = table.default === undefined && !table.rows.some((row) => row.when.every((cell) => cell === null));
  const outcomes = [...table.rows.map((row) => row.then), ...(table.default === undefined ? [] : [table.default])];
  const kind = kindOfType[table.output.type] ?? 'any';
  return {
    kind,
    optional: outcomes.includes(null) || (optional && inputs.some(({ shape }) => shape.optional === true || shape.values === undefined)),
    ...(kind !== 'object' && { values: outcomes.filter((one) => one !== null) }),
  };
}

function checkInputValues(values: readonly Json[], known: readonly Json[], place: Place): void {
  const unknown = values.find((value) => value !== null && !known.includes(value));
  if (unknown !== undefined) report(place, 'RULE_VALUE_IMPOSSIBLE', `${shown(unknown)} is none of the values the table declares for this input.`);
}

/** A property of a list's entry. */
export function checkChoice([name, id, property]: readonly Argument[], here: Place): Shape {
  const known = name === undefined ? null : literalName(name, 'list');
  const wanted = property === undefined ? null : literalName(property, 'property');
  if (known === null || wanted === null) return anything;
  const list = here.checking.options.lists.get(known);
  if (list === undefined) return report((name as Argument).place, 'RULE_LIST_UNKNOWN', `There is no list "${known}".`);
  const found = list.entries.filter((entry) => Object.hasOwn(entry, wanted));
  if (found.length === 0) return report((property as Argument).place, 'RULE_PROPERTY_UNKNOWN', `No entry of the list "${known}" has a property "${wanted}".`);
  const { literal } = id?.shape ?? {};
  if (typeof literal === 'string' && !list.entries.some((entry) => entry.id === literal))
    report((id as Argument).place, 'RULE_CHOICE_UNKNOWN', `The list "${known}" has no entry "${literal}".`);
  const { literal: _, ...shape } = anyOf(found.map((entry) => shapeOfLiteral(entry[wanted] ?? null)));
  return { ...shape, optional: found.length < list.entries.length || id?.shape.optional === true };
}

/** `in_state`, `visited` and `has_role`. */
export function checkName(operator: string, found: readonly Argument[], here: Place): Shape {
  const { options } = here.checking;
  if (operator === 'visited' && options.allowVisited !== true) report(here, 'RULE_VISITED_HERE', '`visited` is not possible here.');
  const role = operator === 'has_role';
  const [kind, names] = role ? (['role', options.roles] as const) : (['state', options.states] as const);
  for (const argument of found) {
    const values = Array.isArray(argument.rule) && role ? (argument.rule as readonly Json[]) : [argument.rule];
    for (const value of values) {
      const name = literalName({ ...argument, rule: value }, kind);
      if (name !== null && !names.has(name)) report(argument.place, role ? 'RULE_ROLE_UNKNOWN' : 'RULE_STATE_UNKNOWN', `There is no ${kind} "${name}".`);
    }
  }
  return truth;
}

/** The calendar an operator names; one that is worked out is only known when it runs. */
export function checkCalendarName(argument: Argument): void {
  const { place, rule } = argument;
  const shape = place.checking.infer(rule, place);
  if (shape.kind !== 'text' && shape.kind !== 'any') report(place, 'RULE_TYPE', `The name of a calendar is a text, not ${kindWords(shape)}.`);
  const unknown = shape.kind === 'text' ? shape.values?.find((name) => !place.checking.options.calendars.has(String(name))) : undefined;
  if (unknown !== undefined) report(place, 'RULE_CALENDAR_UNKNOWN', `There is no calendar ${shown(unknown)}.`);
}

function literalName({ rule, place }: Argument, kind: string): string | null {
  if (typeof rule === 'string') return rule;
  report(place, 'RULE_NOT_LITERAL', `The name of the ${kind} is written out as a text, not ${shown(rule)}.`);
  return null;
}
