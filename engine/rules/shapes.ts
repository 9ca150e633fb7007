/** What the checker knows of a value before any rule runs. */
import type { FieldSchema, Json, ListFile } from '../definitions/authored.js';

export interface Shape {
  readonly kind: 'boolean' | 'number' | 'text' | 'list' | 'object' | 'null' | 'any';
  /** For texts: `date`, `date-time`, `duration` and others of JSON Schema. */
  readonly format?: string;
  /** May be absent. */
  readonly optional?: boolean;
  /** All values it can have. */
  readonly values?: readonly Json[];
  /** Values it has by a list that may change. */
  readonly choices?: readonly Json[];
  readonly element?: Shape;
  /** The entries of a list as written in the rule. */
  readonly entries?: readonly Json[];
  readonly fields?: ReadonlyMap<string, Shape>;
  /** The value as written in the rule. */
  readonly literal?: Json;
  /** Names a person, a team or a record: never searched as text. */
  readonly reference?: boolean;
  /** Longest the list can be, where the form says so. */
  readonly longest?: number;
}

export const anything: Shape = { kind: 'any' };
export const truth: Shape = { kind: 'boolean' };
export const number: Shape = { kind: 'number' };
export const text: Shape = { kind: 'text' };
export const instant: Shape = { kind: 'text', format: 'date-time' };

const kinds: { readonly [type: string]: Shape['kind'] } = {
  string: 'text',
  number: 'number',
  integer: 'number',
  boolean: 'boolean',
  array: 'list',
  object: 'object',
};

/** The shape of a field of a form. */
export function shapeOfField(schema: FieldSchema, lists: ReadonlyMap<string, ListFile>, optional: boolean): Shape {
  const values = schema.enum ?? schema.oneOf?.map((one) => one.const);
  const kind = schema.type === undefined ? kindOfAll(values ?? []) : (kinds[schema.type] ?? 'any');
  const list = schema['x-charter']?.choices;
  const choices = list === undefined ? undefined : lists.get(list)?.entries.map((entry) => entry.id);
  const required = new Set(schema.required ?? []);
  const fields =
    schema.properties && new Map(Object.entries(schema.properties).map(([name, field]) => [name, shapeOfField(field, lists, !required.has(name))]));
  const element =
    kind === 'list' ? { ...(schema.items === undefined ? anything : shapeOfField(schema.items, lists, false)), ...(choices && { choices }) } : undefined;
  return {
    kind,
    optional,
    ...(schema.format !== undefined && { format: schema.format }),
    ...(values !== undefined && { values }),
    ...(choices !== undefined && kind !== 'list' && { choices }),
    ...(element !== undefined && { element }),
    ...(fields !== undefined && { fields }),
    ...(schema['x-charter']?.reference !== undefined && { reference: true }),
    ...(schema.maxItems !== undefined && { longest: schema.maxItems }),
  };
}

/** The shape of a value written in a rule; lists and objects are left to the caller. */
export function shapeOfLiteral(value: Json): Shape {
  if (value === null) return { kind: 'null', literal: null, optional: true };
  if (typeof value === 'object') return { kind: Array.isArray(value) ? 'list' : 'object' };
  return { kind: kindOf(value), literal: value, values: [value] };
}

/** The shape of what is one or the other. */
export function either(first: Shape, second: Shape): Shape {
  if (first.kind === 'null') return { ...second, optional: true };
  if (second.kind === 'null') return { ...first, optional: true };
  const optional = first.optional === true || second.optional === true;
  if (first.kind !== second.kind) return { kind: 'any', optional };
  const values = first.values !== undefined && second.values !== undefined ? [...first.values, ...second.values] : undefined;
  return {
    kind: first.kind,
    optional,
    ...(values !== undefined && { values }),
    ...(first.format !== undefined && first.format === second.format && { format: first.format }),
    ...(first.element !== undefined && second.element !== undefined && { element: either(first.element, second.element) }),
    ...(first.fields !== undefined && first.fields === second.fields && { fields: first.fields }),
  };
}

/** The shape of several values, any of which it may be. */
export function anyOf(shapes: readonly Shape[]): Shape {
  const [first, ...others] = shapes;
  return first === undefined ? { kind: 'null', optional: true } : others.reduce(either, first);
}

function kindOfAll(values: readonly Json[]): Shape['kind'] {
  const found = new Set(values.map(kindOf));
  const [only] = found;
  return found.size === 1 && only !== undefined ? only : 'any';
}

function kindOf(value: Json): Shape['kind'] {
  if (value === null) return 'null';
  if (typeof value === 'boolean' || typeof value === 'number') return typeof value as 'boolean' | 'number';
  if (typeof value === 'string') return 'text';
  return Array.isArray(value) ? 'list' : 'object';
}
