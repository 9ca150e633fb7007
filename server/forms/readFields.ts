/** What was typed into a form of a process, back as typed JSON. The engine judges it; here only what could not even be read is refused. */
import { DateTime } from 'luxon';
import type { AskedField, FieldProblem, Json, JsonObject, RecordView } from '../../engine/index.js';
import type { FormBody } from '../web/formBody.js';
import { parseJson } from '../web/json.js';
import { readDuration } from './duration.js';
import { entriesKind, readEntries } from './entries.js';
import { choiceText, formName } from './schemaField.js';
import { schemaChoices, type Widget, widgetOf } from './widget.js';

export interface ReadContext {
  readonly zone: string;
  /** The record a number, id or unique title names, among those the reader may see; null when there is none. */
  readonly findRecord: (text: string, field: AskedField) => Promise<RecordView | null>;
  /** The id of the person or team meant by an id or a full name; null when there is none. */
  readonly findPrincipal: (kind: 'user' | 'team', text: string) => Promise<string | null>;
}

export interface ReadFields {
  readonly data: JsonObject;
  readonly problems: readonly FieldProblem[];
}

class Unreadable extends Error {}

function readNumber(text: string, whole: boolean): number {
  const plain = text.trim().replace(',', '.');
  if (!/^-?\d{1,15}(?:\.\d{1,15})?$/u.test(plain)) throw new Unreadable('Type a number.');
  const value = Number(plain);
  if (whole && !Number.isInteger(value)) throw new Unreadable('Type a whole number.');
  return value;
}

function readInstant(text: string, zone: string): string {
  const at = DateTime.fromISO(text.trim(), { zone });
  if (!at.isValid) throw new Unreadable('Choose a date and a time.');
  return at.toUTC().toISO() ?? '';
}

function readDate(text: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/u.test(text) || !DateTime.fromISO(text).isValid) throw new Unreadable('Choose a date.');
  return text;
}

function readChoice(asked: AskedField, text: string): Json {
  const choices = asked.choices ?? schemaChoices(asked.schema) ?? (asked.schema.items ? schemaChoices(asked.schema.items) : null) ?? [];
  return choices.find(({ value }) => choiceText(value) === text)?.value ?? text;
}

function readJsonText(text: string): Json {
  try {
    return parseJson(text);
  } catch {
    throw new Unreadable('This is not well-formed JSON.');
  }
}

async function readReference(asked: AskedField, kind: 'user' | 'team' | 'record', text: string, context: ReadContext): Promise<string> {
  if (kind === 'record') {
    const record = await context.findRecord(text, asked);
    if (!record) throw new Unreadable('No single record fits this. Type its number, or use the button to find it.');
    return record.id;
  }
  const id = await context.findPrincipal(kind, text);
  if (id === null) throw new Unreadable(kind === 'user' ? 'There is no such person.' : 'There is no such team.');
  return id;
}

async function readItem(asked: AskedField, text: string, context: ReadContext): Promise<Json> {
  const items = asked.schema.items ?? {};
  const reference = asked.schema['x-charter']?.reference ?? items['x-charter']?.reference;
  if (reference) return readReference(asked, reference.kind, text, context);
  if (items.type === 'number' || items.type === 'integer') return readNumber(text, items.type === 'integer');
  return readChoice(asked, text);
}

async function readText(asked: AskedField, widget: Widget, text: string, context: ReadContext): Promise<Json> {
  switch (widget) {
    case 'number':
      return readNumber(text, asked.schema.type === 'integer');
    case 'date':
      return readDate(text);
    case 'datetime':
      return readInstant(text, context.zone);
    case 'duration': {
      const duration = readDuration(text);
      if (duration === null) throw new Unreadable('Type a duration such as 4 h 30 min.');
      return duration;
    }
    case 'user':
    case 'team':
    case 'record':
      return readReference(asked, widget, text.trim(), context);
    case 'json':
      return readJsonText(text);
    case 'select':
    case 'radio':
      return readChoice(asked, text);
    default:
      return text.trim();
  }
}

/** The value of one field; undefined when the form did not carry it or it was and stays empty. */
async function readField(asked: AskedField, form: FormBody, context: ReadContext): Promise<Json | undefined> {
  const name = formName(asked.field);
  if (entriesKind(asked.schema) !== null) return readEntries(asked, name, form);
  if (!form.has(name)) return undefined;
  const hasChoices =
    asked.choices !== null || schemaChoices(asked.schema) !== null || (asked.schema.items !== undefined && schemaChoices(asked.schema.items) !== null);
  const widget = widgetOf(asked.schema, hasChoices);
  const texts = form.all(name);
  // An empty box says no only where somebody must answer or had said yes; else nothing was said.
  if (widget === 'checkbox') return texts.includes('true') ? true : asked.required || typeof asked.value === 'boolean' ? false : undefined;
  if (widget === 'checks' || widget === 'lines') {
    const lines = texts.flatMap((text) => (widget === 'lines' ? text.split('\n') : [text])).map((text) => text.trim());
    const values = await Promise.all(lines.filter((text) => text !== '').map((text) => readItem(asked, text, context)));
    return values.length === 0 && (asked.value === null || asked.value === undefined) ? undefined : values;
  }
  const text = form.text(name);
  if (text.trim() === '') return asked.value === null || asked.value === undefined ? undefined : null;
  return readText(asked, widget, text, context);
}

/** Reads all fields that were asked for; others in the form are ignored here and can not reach the engine. */
export async function readFields(fields: readonly AskedField[], form: FormBody, context: ReadContext): Promise<ReadFields> {
  const data: Record<string, Json> = {};
  const problems: FieldProblem[] = [];
  for (const asked of fields) {
    try {
      const value = await readField(asked, form, context);
      if (value !== undefined) data[asked.field] = value;
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      problems.push({ field: asked.field, message: error.message });
    }
  }
  return { data, problems };
}
