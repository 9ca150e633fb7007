/** Fields of form.json: names, types, limits that leave something, references, choices, sections. */
import type { FieldAnnotation, FieldSchema } from '../authored.js';
import type { Model } from '../model.js';
import { engineFields } from '../normal.js';
import { joinPointer } from '../pointer.js';
import type { Report } from '../report.js';
import { checkLimits } from './fieldLimits.js';
import { checkFieldValue } from './fieldValues.js';
import { checkComing, checkKnown, checkName } from './names.js';
import { checkPattern } from './patterns.js';

const MAX_FIELDS = 300;

const file = 'form.json';

interface FieldPlace {
  readonly field: string;
  readonly pointer: string;
  readonly model: Model;
  readonly report: Report;
}

export function checkForm(model: Model, report: Report): void {
  const form = model.files['form.json'];
  if (!form) return;
  const count = model.fields.size;
  if (count > MAX_FIELDS) report.add('FIELDS_TOO_MANY', { file, pointer: '/properties' }, { count, limit: MAX_FIELDS });
  for (const [field, schema] of model.fields) {
    const pointer = joinPointer('/properties', field);
    checkName(field, 'field', { file, pointer, report });
    if ((engineFields as readonly string[]).includes(field))
      report.add('NAME_TAKEN', { file, pointer, what: 'key' }, { name: field, taken: 'a fact that the engine keeps of every record' });
    checkField(schema, { field, pointer, model, report });
  }
  for (const [index, field] of (form.required ?? []).entries())
    checkKnown(field, model.fields, report, { code: 'FIELD_UNKNOWN', fact: 'field', file, pointer: `/required/${index}` });
  const sections = new Set<string>();
  for (const [index, { name }] of (form['x-charter']?.sections ?? []).entries()) {
    if (sections.has(name)) report.add('SECTION_DUPLICATE', { file, pointer: `/x-charter/sections/${index}/name` }, { section: name });
    sections.add(name);
  }
}

/** A field, or a part of one. */
function checkField(schema: FieldSchema, place: FieldPlace): void {
  const { pointer, report, field } = place;
  if (schema.type === undefined && schema.enum === undefined && schema.oneOf === undefined && !Object.hasOwn(schema, 'const'))
    report.add('FIELD_TYPE_MISSING', { file, pointer }, { field });
  checkLimits(schema, { file, pointer, report });
  if (schema.pattern !== undefined) checkPattern(schema.pattern, { maxLength: schema.maxLength, file, pointer: `${pointer}/pattern`, report });
  if (schema.default !== undefined) checkFieldValue(field, { schema, value: schema.default }, { report, file, pointer: `${pointer}/default` });
  if (schema['x-charter']) checkAnnotation(schema['x-charter'], schema, place);
  if (schema.items) checkField(schema.items, { ...place, pointer: `${pointer}/items` });
  for (const [name, inner] of Object.entries(schema.properties ?? {})) {
    const at = joinPointer(`${pointer}/properties`, name);
    checkName(name, 'member', { file, pointer: at, report });
    checkField(inner, { ...place, field: `${field}.${name}`, pointer: at });
  }
  for (const [index, name] of (schema.required ?? []).entries()) {
    checkKnown(name, new Set(Object.keys(schema.properties ?? {})), report, {
      code: 'FIELD_UNKNOWN',
      fact: 'field',
      file,
      pointer: `${pointer}/required/${index}`,
    });
  }
}

function checkAnnotation(annotation: FieldAnnotation, schema: FieldSchema, { field, pointer, model, report }: FieldPlace): void {
  const at = `${pointer}/x-charter`;
  const { choices, reference, section, widget } = annotation;
  if (choices !== undefined) checkKnown(choices, listNames(model), report, { code: 'CHOICES_UNKNOWN', fact: 'name', file, pointer: `${at}/choices` });
  if (section !== undefined) {
    const sections = (model.files['form.json']?.['x-charter']?.sections ?? []).map(({ name }) => name);
    checkKnown(section, new Set(sections), report, { code: 'SECTION_UNKNOWN', fact: 'section', file, pointer: `${at}/section` });
  }
  if (widget !== undefined && !widgetFits(widget, schema))
    report.add('WIDGET_UNFIT', { file, pointer: `${at}/widget` }, { widget, type: schema.type ?? 'any' });
  if (!reference) return;
  if ((reference.kind === 'record') !== (reference.process !== undefined)) report.add('REFERENCE_PROCESS', { file, pointer: `${at}/reference` });
  else if (reference.process !== undefined) checkComing(reference.process, { file, pointer: `${at}/reference/process` }, { model, report });
  const holdsText = schema.type === 'string' || (schema.type === 'array' && schema.items?.type === 'string');
  if (!holdsText) report.add('REFERENCE_TYPE', { file, pointer: `${at}/reference` }, { field });
}

/** Lists that choices may come from. */
function listNames({ around: { shared } }: Model): ReadonlySet<string> {
  const named = [...Object.entries(shared.policy), ...Object.entries(shared.reference)];
  return new Set(named.flatMap(([name, content]) => (content.kind === 'list' ? [name] : [])));
}

const widgetTypes: { readonly [widget in NonNullable<FieldAnnotation['widget']>]?: readonly string[] } = {
  text: ['string', 'number', 'integer'],
  textarea: ['string'],
  checkbox: ['boolean', 'array'],
  date: ['string'],
  datetime: ['string'],
  duration: ['string'],
  number: ['number', 'integer'],
  tags: ['array'],
  reference: ['string', 'array'],
};

function widgetFits(widget: NonNullable<FieldAnnotation['widget']>, { type }: FieldSchema): boolean {
  const types = widgetTypes[widget];
  return types === undefined || type === undefined || types.includes(type);
}
