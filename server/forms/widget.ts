/** Which control a field of a process gets: the one its annotation asks for, else the one its schema suggests. */

import type { FieldSchema, Json } from '../../engine/index.js';
import { entriesKind } from './entries.js';

export type Widget =
  | 'text'
  | 'textarea'
  | 'select'
  | 'radio'
  | 'checkbox'
  | 'date'
  | 'datetime'
  | 'number'
  | 'duration'
  | 'user'
  | 'team'
  | 'record'
  | 'checks'
  | 'lines'
  | 'entries'
  | 'json';

export interface Choice {
  readonly value: Json;
  readonly title: string;
  readonly description?: string | undefined;
}

/** The choices a schema states itself (`oneOf`, `enum`), or null. */
export function schemaChoices(schema: FieldSchema): readonly Choice[] | null {
  if (schema.oneOf) return schema.oneOf.map((entry) => ({ value: entry.const, title: entry.title ?? String(entry.const), description: entry.description }));
  if (schema.enum) return schema.enum.map((value) => ({ value, title: String(value) }));
  return null;
}

function ofFormat(schema: FieldSchema): Widget | null {
  if (schema.format === 'date') return 'date';
  if (schema.format === 'date-time') return 'datetime';
  return schema.format === 'duration' ? 'duration' : null;
}

function ofType(schema: FieldSchema): Widget {
  switch (schema.type) {
    case 'boolean':
      return 'checkbox';
    case 'number':
    case 'integer':
      return 'number';
    case 'array':
      return schema.items?.type === 'object' || schema.items?.type === 'array' ? 'json' : 'lines';
    case 'object':
      return 'json';
    default:
      return (schema.maxLength ?? 0) > 250 ? 'textarea' : 'text';
  }
}

export function widgetOf(schema: FieldSchema, hasChoices: boolean): Widget {
  const note = schema['x-charter'];
  const isList = schema.type === 'array';
  const reference = note?.reference ?? schema.items?.['x-charter']?.reference;
  if (reference) return isList ? (reference.kind === 'record' ? 'lines' : 'checks') : reference.kind;
  if (hasChoices && isList) return 'checks';
  if (hasChoices) return note?.widget === 'radio' ? 'radio' : 'select';
  if (entriesKind(schema) !== null) return 'entries';
  const asked = note?.widget;
  if (asked === 'tags') return 'lines';
  if (asked && asked !== 'reference' && asked !== 'select' && asked !== 'radio') return asked;
  return ofFormat(schema) ?? ofType(schema);
}
