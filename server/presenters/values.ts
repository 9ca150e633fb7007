/** Values of fields as people read them. */
import type { FieldSchema, Json } from '../../engine/index.js';
import { tellDuration } from '../forms/duration.js';
import { schemaChoices } from '../forms/widget.js';
import { holdsFigures, type MeasuredFigure, measuredFigure } from './measuredFigures.js';
import type { Names } from './names.js';
import { describeInstant } from './time.js';

export interface ValueView {
  readonly kind: 'text' | 'prose' | 'time' | 'link' | 'person' | 'chip' | 'list' | 'rows' | 'figures' | 'none';
  readonly text: string;
  readonly href: string | null;
  readonly at: number | null;
  readonly items: readonly ValueView[];
  /** For `rows`: one list of title and value a row. */
  readonly rows: readonly (readonly { readonly title: string; readonly text: string }[])[];
  readonly figures: readonly MeasuredFigure[];
}

export interface ValueContext {
  readonly names: Names;
  readonly zone: string;
  /** Titles of choices that come from policy lists, by list name and id. */
  readonly lists: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

const blank: ValueView = { kind: 'none', text: '', href: null, at: null, items: [], rows: [], figures: [] };
const plain = (text: string, kind: ValueView['kind'] = 'text'): ValueView => ({ ...blank, kind, text });

function instant(text: string): number | null {
  const at = /^\d{4}-\d{2}-\d{2}T/u.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? null : at;
}

function choiceTitle(schema: FieldSchema, value: Json, context: ValueContext): string | null {
  const own = schemaChoices(schema)?.find((choice) => choice.value === value)?.title;
  if (own !== undefined) return own;
  const list = schema['x-charter']?.choices;
  return list === undefined ? null : (context.lists.get(list)?.get(String(value)) ?? null);
}

function referenceView(kind: 'user' | 'team' | 'record', id: string, names: Names): ValueView {
  if (kind === 'user') return plain(names.user(id), 'person');
  if (kind === 'team') return plain(names.team(id));
  const record = names.record(id);
  return record
    ? { ...plain(record.title === record.number ? record.number : `${record.number} · ${record.title}`, 'link'), href: `/record/${record.number}` }
    : plain(id);
}

function ofText(schema: FieldSchema, value: string, context: ValueContext): ValueView {
  if (schema.format === 'date-time') {
    const at = instant(value);
    if (at !== null) return { ...plain(describeInstant(at, context.zone, at).text, 'time'), at };
  }
  if (schema.format === 'date') return plain(describeInstant(Date.parse(`${value}T12:00:00Z`) || 0, 'UTC', 0).date);
  if (schema.format === 'duration') return plain(tellDuration(value));
  if (schema.format === 'uri') return /^https?:\/\//iu.test(value) ? { ...plain(value, 'link'), href: value } : plain(value);
  if (schema.format === 'email') return { ...plain(value, 'link'), href: `mailto:${value}` };
  return plain(value, value.includes('\n') || value.length > 120 ? 'prose' : 'text');
}

const withColon = (title: string): string => (/[?!.:]$/u.test(title) ? title : `${title}:`);

function rowsView(schema: FieldSchema, values: readonly Json[]): ValueView {
  const properties = schema.items?.properties ?? {};
  const cell = (value: Json): string =>
    value === null ? '' : value === true ? 'Yes' : value === false ? 'No' : typeof value === 'object' ? JSON.stringify(value) : String(value);
  const rows = values.map((row) => {
    const object = (row ?? {}) as { readonly [name: string]: Json };
    // A question with its answer is one line; what describes the question is left out.
    if ('title' in properties && 'value' in properties)
      return [{ title: withColon(cell(object.title ?? object.name ?? '')), text: cell(object.value ?? null) || 'No answer' }];
    return Object.keys(object).flatMap((name) =>
      cell(object[name] ?? null) ? [{ title: withColon(properties[name]?.title ?? name), text: cell(object[name] ?? null) }] : [],
    );
  });
  return { ...blank, kind: 'rows', rows, text: `${values.length}` };
}

/** A value with all it takes to show it. */
export function showValue(schema: FieldSchema, value: Json | undefined, context: ValueContext): ValueView {
  if (value === null || value === undefined || value === '') return blank;
  if (Array.isArray(value)) {
    if (value.length === 0) return blank;
    if (holdsFigures(schema))
      return { ...blank, kind: 'figures', figures: value.map(measuredFigure), text: `${value.length} ${value.length === 1 ? 'figure' : 'figures'}` };
    if (schema.items?.type === 'object' || (typeof value[0] === 'object' && value[0] !== null)) return rowsView(schema, value);
    const items = value.map((item: Json) =>
      showValue({ ...(schema.items ?? {}), 'x-charter': { ...schema['x-charter'], ...schema.items?.['x-charter'] } }, item, context),
    );
    return { ...blank, kind: 'list', items, text: items.map(({ text }) => text).join(', ') };
  }
  if (typeof value === 'boolean') return plain(value ? 'Yes' : 'No');
  const title = choiceTitle(schema, value, context);
  if (title !== null) return plain(title);
  if (typeof value === 'number') return plain(`${value.toLocaleString('en-GB')}${schema['x-charter']?.unit ? ` ${schema['x-charter'].unit}` : ''}`);
  if (typeof value === 'object') return plain(JSON.stringify(value, null, 2), 'prose');
  const reference = schema['x-charter']?.reference;
  return reference ? referenceView(reference.kind, value as string, context.names) : ofText(schema, value as string, context);
}

/** A value in one line, for history and comparisons; long texts are cut. */
export function tellValue(schema: FieldSchema | null, value: Json | undefined, context: ValueContext): string | null {
  const view = showValue(schema ?? {}, value, context);
  if (view.kind === 'none') return null;
  const text = view.kind === 'rows' ? `${view.rows.length} ${view.rows.length === 1 ? 'entry' : 'entries'}` : view.text;
  return text.length > 160 ? `${text.slice(0, 157)}…` : text;
}
