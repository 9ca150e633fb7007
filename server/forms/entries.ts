/** Lists of small objects as rows of inputs: tables to fill (`rows`), and questions that bring their own title and type (`questions`). */
import type { AskedField, FieldSchema, Json, JsonObject } from '../../engine/index.js';
import type { FormBody } from '../web/formBody.js';
import { type EntryView, type FieldView, field, options } from './fieldView.js';

const BLANKS = 2;
const MOST = 100;

const scalar = (schema: FieldSchema): boolean => schema.type !== 'object' && schema.type !== 'array';

/** `questions` when each entry has a title and a value, `rows` for other flat objects, null for what is neither. */
export function entriesKind(schema: FieldSchema): 'rows' | 'questions' | null {
  const properties = schema.items?.type === 'object' ? schema.items.properties : undefined;
  if (schema.type !== 'array' || !properties || !Object.values(properties).every(scalar)) return null;
  return 'title' in properties && 'value' in properties && 'name' in properties ? 'questions' : 'rows';
}

const objectsOf = (value: Json | null): readonly JsonObject[] =>
  Array.isArray(value) ? value.filter((item): item is JsonObject => item !== null && typeof item === 'object' && !Array.isArray(item)) : [];
const textOf = (value: Json | undefined): string => (value === null || value === undefined ? '' : String(value));

function cell(name: string, key: string, schema: FieldSchema, shown: { readonly text: string; readonly required: boolean }): FieldView {
  const base = {
    name,
    title: schema.title ?? key,
    hint: schema.description ?? null,
    value: shown.text,
    required: shown.required,
    maxlength: schema.maxLength ?? null,
  };
  if (schema.enum)
    return field({
      ...base,
      kind: 'select',
      options: options(
        schema.enum.map((value) => ({ value: String(value), title: String(value) })),
        shown.text,
        'None',
      ),
    });
  if (schema.type === 'boolean') return field({ ...base, kind: 'checkbox', value: shown.text === 'true' });
  if (schema.type === 'number' || schema.type === 'integer') return field({ ...base, inputType: 'number', step: schema.type === 'integer' ? '1' : 'any' });
  return (schema.maxLength ?? 0) > 250 ? field({ ...base, kind: 'textarea', rows: 2 }) : field(base);
}

function rowEntries(asked: AskedField, prefix: string, typed: FormBody | null): readonly EntryView[] {
  const properties = Object.entries(asked.schema.items?.properties ?? {});
  const kept = objectsOf(asked.value);
  const sent = typed?.has(`${prefix}.count`) ? Number(typed.text(`${prefix}.count`)) || 0 : kept.length;
  const most = Math.min(asked.schema.maxItems ?? MOST, MOST);
  const count = Math.min(most, Math.max(sent, kept.length) + (typed && typed.text('_more') !== prefix ? 0 : BLANKS));
  return Array.from({ length: count }, (_, index) => ({
    legend: `${asked.schema.title ?? asked.field} ${index + 1}`,
    fields: properties.map(([key, schema]) => {
      const name = `${prefix}.${index}.${key}`;
      return cell(name, key, schema, { text: typed?.has(name) ? (typed.all(name).at(-1) ?? '') : textOf(kept[index]?.[key]), required: false });
    }),
  }));
}

function question(entry: JsonObject, prefix: string, typed: FormBody | null): FieldView {
  const name = `${prefix}.${textOf(entry.name)}`;
  const value = typed?.has(name) ? typed.text(name) : textOf(entry.value);
  const base = { name, title: textOf(entry.title) || textOf(entry.name), required: entry.required === true, value, maxlength: 4000 };
  switch (entry.type) {
    case 'yes-no':
      return field({
        ...base,
        kind: 'radio',
        options: options(
          [
            { value: 'yes', title: 'Yes' },
            { value: 'no', title: 'No' },
          ],
          value,
        ),
      });
    case 'number':
      return field({ ...base, inputType: 'number', step: 'any', short: true });
    case 'date':
      return field({ ...base, inputType: 'date', short: true });
    default:
      return field(base);
  }
}

/** The inputs of the field; none when there is nothing to answer. */
export function entryViews(asked: AskedField, prefix: string, typed: FormBody | null): readonly EntryView[] {
  if (entriesKind(asked.schema) === 'rows') return rowEntries(asked, prefix, typed);
  const fields = objectsOf(asked.value).map((entry) => question(entry, prefix, typed));
  return fields.length > 0 ? [{ legend: asked.schema.title ?? asked.field, fields }] : [];
}

function readCell(schema: FieldSchema, text: string): Json | undefined {
  if (schema.type === 'boolean') return text === 'true';
  if (text === '') return undefined;
  if (schema.type !== 'number' && schema.type !== 'integer') return text;
  const value = Number(text.replace(',', '.'));
  return Number.isFinite(value) ? value : text;
}

function readRows(asked: AskedField, prefix: string, form: FormBody): readonly JsonObject[] {
  const properties = Object.entries(asked.schema.items?.properties ?? {});
  const count = Math.min(Number(form.text(`${prefix}.count`)) || 0, MOST);
  const rows: JsonObject[] = [];
  for (let index = 0; index < count; index += 1) {
    const texts = properties.map(([key, schema]) => [key, schema, (form.all(`${prefix}.${index}.${key}`).at(-1) ?? '').trim()] as const);
    if (texts.every(([, schema, text]) => text === '' || (schema.type === 'boolean' && text === 'false'))) continue;
    rows.push(
      Object.fromEntries(
        texts.flatMap(([key, schema, text]) => {
          const value = readCell(schema, text);
          return value === undefined ? [] : [[key, value]];
        }),
      ),
    );
  }
  return rows;
}

/** The entries that were typed; undefined when the form did not carry the field. */
export function readEntries(asked: AskedField, prefix: string, form: FormBody): Json | undefined {
  if (!form.has(`${prefix}.count`)) return undefined;
  if (entriesKind(asked.schema) === 'rows') {
    const rows = readRows(asked, prefix, form);
    return rows.length === 0 && (asked.value === null || asked.value === undefined) ? undefined : rows;
  }
  return objectsOf(asked.value).map((entry) => {
    const { value: _, ...rest } = entry;
    const text = form.text(`${prefix}.${textOf(entry.name)}`).trim();
    return text === '' ? rest : { ...rest, value: text };
  });
}
