/** Forms: what an event may carry, checked with the same JSON Schema that the page is drawn from. */
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { FieldSchema, FormFile, Json, JsonObject, PolicyFile } from '../definitions/authored.js';
import type { AskedFor } from '../definitions/index.js';
import type { FieldProblem } from '../errors.js';
import { formatDuration, parseInstant } from '../rules/index.js';

/** Text without a `maxLength` of its own ends here. */
const DEFAULT_MAX_LENGTH = 10_000;

export interface FieldSet {
  /** Problems of data given for exactly these fields; empty when all is well. */
  problems(asked: readonly AskedFor[], data: JsonObject): readonly FieldProblem[];
  choices(field: string): readonly { readonly value: Json; readonly title: string; readonly description?: string }[] | null;
}

/** Prepares the fields of a form. Each is compiled when it is first filled in: many events ask for the same few of many. */
export function compileFields(form: FormFile, policy: { readonly [name: string]: PolicyFile }): FieldSet {
  // The definition was checked: its schemas are known to be schemas. They run too seldom for optimised code to pay.
  const ajv = new Ajv2020({ allErrors: true, strict: false, ownProperties: true, meta: false, validateSchema: false, code: { optimize: false } });
  (addFormats as unknown as (instance: Ajv2020) => void)(ajv);
  ajv.addKeyword('x-charter');
  const compiled = new Map<string, ValidateFunction>();
  const choices = (field: string) => choicesOf(form.properties[field], policy);
  const validator = (field: string): ValidateFunction => {
    const known = compiled.get(field);
    if (known) return known;
    const made = ajv.compile(bounded(form.properties[field] ?? {}, choices(field)));
    compiled.set(field, made);
    return made;
  };
  const problemsOf = (field: string, value: Json): readonly FieldProblem[] => {
    const validate = validator(field);
    return validate(value) ? [] : (validate.errors ?? []).map((error) => toProblem(field, error, choices(field)));
  };
  return {
    choices,
    problems(asked, data) {
      const unknown = Object.keys(data).filter((field) => !asked.some((entry) => entry.field === field));
      const missing = asked.filter((entry) => entry.required && isEmpty(data[entry.field]));
      const given = asked.filter(({ field }) => Object.hasOwn(data, field) && data[field] !== null);
      return [
        ...unknown.map((field) => ({ field, message: 'This field is not asked for here.' })),
        ...missing.map((entry) => ({ field: entry.field, message: 'Please fill this in.' })),
        ...firstByField(given.flatMap(({ field }) => problemsOf(field, data[field] as Json))),
        ...illFormed(data),
      ];
    },
  };
}

/** Null, nothing, empty text and an empty list stand for "not given". */
export function isEmpty(value: Json | undefined): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
}

/** Date-times are kept in UTC with milliseconds, so that they compare as text. */
export function normalise(form: FormFile, data: JsonObject): JsonObject {
  const normal: Record<string, Json> = { ...data };
  for (const field of Object.keys(normal)) {
    const value = normal[field];
    if (form.properties[field]?.format !== 'date-time' || typeof value !== 'string') continue;
    const instant = parseInstant(value);
    if (instant !== null) normal[field] = new Date(instant).toISOString();
  }
  return normal;
}

function bounded(schema: FieldSchema, choices: readonly { value: Json }[] | null): Record<string, unknown> {
  const { readOnly: _readOnly, default: _default, examples: _examples, ...rest } = schema;
  const text = schema.type === 'string' && schema.maxLength === undefined ? { maxLength: DEFAULT_MAX_LENGTH } : {};
  const list = schema.type === 'array' && schema.maxItems === undefined ? { maxItems: 500 } : {};
  const closed =
    choices && !schema.enum && !schema.oneOf
      ? schema.type === 'array'
        ? { items: { enum: choices.map((choice) => choice.value) } }
        : { enum: choices.map((choice) => choice.value) }
      : {};
  return { ...rest, ...text, ...list, ...closed };
}

function choicesOf(schema: FieldSchema | undefined, policy: { readonly [name: string]: PolicyFile }) {
  if (!schema) return null;
  const own = schema.type === 'array' ? (schema.items ?? schema) : schema;
  if (own.oneOf)
    return own.oneOf.map((choice) => ({
      value: choice.const,
      title: choice.title ?? String(choice.const),
      ...(choice.description ? { description: choice.description } : {}),
    }));
  if (own.enum) return own.enum.map((value) => ({ value, title: String(value) }));
  const list = schema['x-charter']?.choices ? policy[schema['x-charter'].choices] : undefined;
  if (list?.kind !== 'list') return null;
  return list.entries.map((entry) => ({
    value: entry.id,
    title: entry.title,
    ...(typeof entry.description === 'string' ? { description: entry.description } : {}),
  }));
}

function firstByField(problems: readonly FieldProblem[]): readonly FieldProblem[] {
  return problems.filter((problem, index) => problems.findIndex((other) => other.field === problem.field) === index);
}

function toProblem(field: string, error: ErrorObject, choices: ReturnType<FieldSet['choices']>): FieldProblem {
  const [, ...inner] = error.instancePath.split('/').map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  const where = inner.length > 0 ? `At ${inner.join('.')}: ` : '';
  return { field, message: where + inWords(error, choices) };
}

/** Ajv's finding as one would say it to the person who filled the field. */
function inWords(error: ErrorObject, choices: readonly { title: string }[] | null): string {
  const { limit, format, type, missingProperty, multipleOf } = error.params as {
    limit?: number;
    format?: string;
    type?: string;
    missingProperty?: string;
    multipleOf?: number;
  };
  const titles = choices && choices.length <= 12 ? `: ${choices.map((choice) => choice.title).join(', ')}` : '';
  const words: Record<string, string> = {
    type: `This must be ${typeInWords(String(type))}.`,
    enum: `Please choose one of the values offered${titles}.`,
    const: `Please choose one of the values offered${titles}.`,
    oneOf: `Please choose one of the values offered${titles}.`,
    minLength: limit === 1 ? 'Please fill this in.' : `This needs at least ${limit} characters.`,
    maxLength: `This may have at most ${limit} characters.`,
    minimum: `This must be at least ${limit}.`,
    maximum: `This must be at most ${limit}.`,
    exclusiveMinimum: `This must be more than ${limit}.`,
    exclusiveMaximum: `This must be less than ${limit}.`,
    multipleOf: `This must be a multiple of ${multipleOf}.`,
    minItems: `At least ${limit} are needed.`,
    maxItems: `At most ${limit} are possible.`,
    uniqueItems: 'Each may be named only once.',
    pattern: 'This does not have the expected form.',
    required: `“${missingProperty}” is missing.`,
    format: format === 'duration' ? `This must be an ISO 8601 duration such as ${formatDuration(5_400_000)}.` : `This must be a valid ${format}.`,
  };
  return words[error.keyword] ?? `This is not valid (${error.message ?? error.keyword}).`;
}

function typeInWords(type: string): string {
  return { string: 'text', number: 'a number', integer: 'a whole number', boolean: 'yes or no', array: 'a list', object: 'an object' }[type] ?? type;
}

/** NUL and half surrogate pairs change on their way through databases, so the stored text would not match its hash. */
function illFormed(data: JsonObject): readonly FieldProblem[] {
  const bad = (value: Json): boolean => {
    if (typeof value === 'string') return value.includes('\u0000') || !value.isWellFormed();
    if (typeof value === 'number') return !Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value));
    if (typeof value !== 'object' || value === null) return false;
    return Object.entries(value).some(([key, inner]) => key === '__proto__' || bad(key) || bad(inner as Json));
  };
  return Object.entries(data)
    .filter(([field, value]) => field === '__proto__' || bad(value))
    .map(([field]) => ({ field, message: 'This holds characters, or a number so large, that it cannot be stored as it is.' }));
}
