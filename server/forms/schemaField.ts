/** A field that a process asks for, as a control with its present or typed value. */
import { DateTime } from 'luxon';
import type { AskedField, Json } from '../../engine/index.js';
import type { FormBody } from '../web/formBody.js';
import { tellDuration } from './duration.js';
import { entriesKind, entryViews } from './entries.js';
import { type FieldSpec, type FieldView, field, options } from './fieldView.js';
import { type References, referencedProcess } from './references.js';
import { schemaChoices, type Widget, widgetOf } from './widget.js';

export interface FormContext {
  readonly references: References;
  readonly zone: string;
  /** What was typed, when the form is shown again. */
  readonly typed: FormBody | null;
  readonly errors: ReadonlyMap<string, string>;
  /** Sets the ids of several forms on one page apart. */
  readonly prefix: string;
}

/** Name under which a field travels. */
export const formName = (name: string): string => `f.${name}`;

const SELECT_LIMIT = 150;
/** A choice as text: what JSON writes, but texts as they are. */
export const choiceText = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));

function valueText(widget: Widget, value: Json | null, context: FormContext): string {
  if (value === null || value === undefined) return '';
  if (widget === 'datetime' && typeof value === 'string') {
    const at = DateTime.fromISO(value, { zone: context.zone });
    return at.isValid ? at.toFormat("yyyy-MM-dd'T'HH:mm") : value;
  }
  if (widget === 'duration' && typeof value === 'string') return tellDuration(value);
  if (widget === 'record' && typeof value === 'string') return context.references.named.get(value)?.number ?? value;
  if (widget === 'lines' && Array.isArray(value)) return value.map((item) => context.references.named.get(String(item))?.number ?? String(item)).join('\n');
  if (widget === 'json') return JSON.stringify(value, null, 2);
  return choiceText(value);
}

function chosenTexts(asked: AskedField, context: FormContext): readonly string[] {
  const name = formName(asked.field);
  if (context.typed?.has(name)) return context.typed.all(name).filter((text) => text !== '');
  return (Array.isArray(asked.value) ? asked.value : []).map((value: Json) => choiceText(value));
}

function people(widget: 'user' | 'team', references: References): readonly { readonly value: string; readonly title: string }[] {
  if (widget === 'team') return references.teams.map(({ id, title }) => ({ value: id, title }));
  return references.users.map(({ id, name, absentUntil }) => ({ value: id, title: absentUntil === null ? name : `${name} (away)` }));
}

function control(asked: AskedField, widget: Widget, text: string, context: FormContext): Partial<FieldSpec> {
  const { schema, choices } = asked;
  switch (widget) {
    case 'entries': {
      const entries = entryViews(asked, formName(asked.field), context.typed);
      return { kind: 'entries', broad: true, entries, more: entriesKind(schema) === 'rows' };
    }
    case 'textarea':
    case 'lines':
    case 'json':
      return { kind: 'textarea', broad: true, rows: widget === 'textarea' ? 5 : 3, note: widget === 'lines' ? 'One on each line.' : null };
    case 'checkbox':
      return { kind: 'checkbox', value: text === 'true' };
    case 'select':
    case 'radio': {
      const listed = (choices ?? schemaChoices(schema) ?? []).map((choice) => ({
        value: choiceText(choice.value),
        title: choice.title,
        description: choice.description,
      }));
      const gone = text !== '' && !listed.some(({ value }) => value === text) ? [{ value: text, title: `${text} (not offered any more)` }] : [];
      return {
        kind: widget,
        broad: widget === 'radio',
        options: options([...listed, ...gone], text, widget === 'select' ? (asked.required ? 'Choose…' : 'None') : undefined),
      };
    }
    case 'user':
    case 'team': {
      const listed = people(widget, context.references);
      if (listed.length <= SELECT_LIMIT) return { kind: 'select', options: options(listed, text, widget === 'user' ? 'Nobody' : 'None') };
      return { kind: 'reference', options: options(listed, text), placeholder: widget === 'user' ? 'Name of the person' : 'Name of the team' };
    }
    case 'record': {
      const listed = context.references.records.get(referencedProcess(schema) ?? '*') ?? [];
      return {
        kind: 'reference',
        placeholder: 'Number or words of the title',
        options: options(
          listed.map((record) => ({ value: record.number, title: record.columns.title ?? record.number })),
          text,
        ),
      };
    }
    default:
      return plainInput(asked, widget);
  }
}

function plainInput(asked: AskedField, widget: Widget): Partial<FieldSpec> {
  const { schema } = asked;
  switch (widget) {
    case 'number':
      return {
        inputType: 'number',
        short: true,
        min: schema.minimum === undefined ? null : String(schema.minimum),
        max: schema.maximum === undefined ? null : String(schema.maximum),
        step: String(schema.multipleOf ?? (schema.type === 'integer' ? 1 : 'any')),
      };
    case 'date':
      return { inputType: 'date', short: true };
    case 'datetime':
      return { inputType: 'datetime-local', short: true };
    case 'duration':
      return { short: true, placeholder: '4 h 30 min' };
    default:
      return { inputType: schema.format === 'email' ? 'email' : schema.format === 'uri' ? 'url' : schema.format === 'time' ? 'time' : 'text' };
  }
}

function checks(asked: AskedField, context: FormContext): Partial<FieldSpec> {
  const items = asked.schema.items ?? {};
  const kind = (asked.schema['x-charter']?.reference ?? items['x-charter']?.reference)?.kind;
  const listed =
    kind === 'user' || kind === 'team'
      ? people(kind, context.references)
      : (asked.choices ?? schemaChoices(items) ?? schemaChoices(asked.schema) ?? []).map((choice) => ({
          value: choiceText(choice.value),
          title: choice.title,
          description: choice.description,
        }));
  return { kind: 'checks', broad: true, options: options(listed, chosenTexts(asked, context)) };
}

/** The control of a field that is asked for. */
export function schemaField(asked: AskedField, context: FormContext): FieldView {
  const { schema } = asked;
  const name = formName(asked.field);
  const hasChoices = asked.choices !== null || schemaChoices(schema) !== null || (schema.items !== undefined && schemaChoices(schema.items) !== null);
  const widget = widgetOf(schema, hasChoices);
  const typed = context.typed?.has(name) ? (context.typed.all(name).at(-1) ?? '') : null;
  const text = typed ?? valueText(widget, asked.value, context);
  const zoneNote = widget === 'datetime' ? `Your time zone: ${context.zone}` : null;
  return field({
    name,
    id: `${context.prefix}${asked.field}`.replaceAll(/[^\w-]/gu, '-'),
    title: schema.title ?? asked.field,
    hint: schema.description ?? null,
    required: asked.required,
    error: context.errors.get(asked.field) ?? null,
    maxlength: schema.maxLength ?? null,
    unit: schema['x-charter']?.unit ?? null,
    listId: `${context.prefix}${asked.field}-list`.replaceAll(/[^\w-]/gu, '-'),
    value: text,
    note: zoneNote,
    broad: widget === 'text' && (schema.maxLength ?? 0) > 150,
    ...(schema['x-charter']?.placeholder ? { placeholder: schema['x-charter'].placeholder } : {}),
    ...(widget === 'checks' ? checks(asked, context) : control(asked, widget, text, context)),
    ...(widget === 'record' || widget === 'user' || widget === 'team' ? {} : widget === 'checks' ? {} : { listId: null }),
  });
}
