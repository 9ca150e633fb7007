/** Holds a parsed file against its published JSON Schema and words what differs. */
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Json, JsonObject } from './authored.js';
import { joinPointer, splitPointer, valueAt } from './pointer.js';
import type { ProblemCode, ProblemFacts } from './problems.js';
import { publishedSchemas } from './publishedSchemas.js';
import type { Report } from './report.js';
import { listed, suggestion } from './suggest.js';

interface Validator {
  readonly validate: ValidateFunction;
  readonly schema: Json;
}

const validators = new Map<string, Validator>();

function validatorOf(name: string): Validator {
  const known = validators.get(name);
  if (known) return known;
  const published = publishedSchemas().get(name);
  if (!published) throw new Error(`There is no published schema ${name}`);
  const schema = withoutWords(published) as JsonObject;
  const ajv = new Ajv2020({
    strict: true,
    strictTypes: false,
    strictRequired: false,
    allowUnionTypes: true,
    allErrors: true,
    ownProperties: true,
    validateFormats: false,
    validateSchema: false,
    addUsedSchema: false,
    meta: false,
    // Each file is held against it once: optimising the code would take longer than it saves.
    code: { optimize: false },
  });
  const validator = { validate: ajv.compile(schema), schema };
  validators.set(name, validator);
  return validator;
}

const words = new Set(['title', 'description', 'examples', '$id', '$schema']);

/** What is there for readers and editors only is left out: compiling it takes longer than everything else. Rules have a check of their own. */
function withoutWords(schema: Json, within = ''): Json {
  if (typeof schema !== 'object' || schema === null) return schema;
  if (Array.isArray(schema)) return schema.map((part) => withoutWords(part as Json));
  const isMap = within === 'properties' || within === 'patternProperties' || within === '$defs';
  return Object.fromEntries(
    Object.entries(schema).flatMap(([key, part]): [string, Json][] => {
      if (!isMap && words.has(key) && typeof part !== 'boolean') return [];
      if (within === '$defs' && key === 'rule') return [[key, {}]];
      return [[key, key === 'enum' || key === 'const' ? part : withoutWords(part, isMap ? '' : key)]];
    }),
  );
}

interface Finding {
  readonly code: ProblemCode;
  readonly pointer: string;
  readonly what: 'value' | 'key';
  readonly facts: ProblemFacts;
}

/**
 * Reports everything that differs from the schema and gives the value without the parts that do,
 * so that the checks behind can go on with the rest. Undefined when nothing is left.
 */
export function checkSchema(name: string, value: Json, place: { readonly file: string; readonly report: Report }): Json | undefined {
  const { validate, schema } = validatorOf(name);
  if (validate(value)) return value;
  for (const { code, pointer, what, facts } of toFindings(validate.errors ?? [], { value, schema }))
    place.report.add(code, { file: place.file, pointer, what }, facts);
  return prune(value, validate);
}

/** The file and the schema it was held against. */
interface Held {
  readonly value: Json;
  readonly schema: Json;
}

function toFindings(errors: readonly ErrorObject[], held: Held): readonly Finding[] {
  const wrongType = new Map<string, ErrorObject>();
  for (const error of errors) {
    if (error.keyword !== 'type') continue;
    const known = wrongType.get(error.instancePath);
    if (!known || typesOf(error).length > typesOf(known).length) wrongType.set(error.instancePath, error);
  }
  const rest = errors.filter(
    (error) => error.keyword !== 'type' && error.keyword !== 'if' && error.keyword !== 'propertyNames' && !wrongType.has(error.instancePath),
  );
  return [...wrongType.values(), ...rest].map((error) => toFinding(error, held));
}

function typesOf(error: ErrorObject): readonly string[] {
  const { type } = error.params as { type: string | readonly string[] };
  return typeof type === 'string' ? [type] : type;
}

function toFinding(error: ErrorObject, held: Held): Finding {
  const pointer = error.instancePath;
  const parts = splitPointer(pointer);
  const data = valueAt(held.value, pointer) ?? null;
  const found = shown(data);
  if (parts.at(-1) === 'guard' && (data === null || data === false || data === 0 || data === '')) return finding('GUARD_EMPTY', pointer, { found });
  if (parts.at(-1) === 'context') return finding('CONTEXT_REFUSED', pointer, {}, 'key');
  switch (error.keyword) {
    case 'additionalProperties':
      return unknownKey(error, pointer, held);
    case 'required':
      return finding('KEY_MISSING', pointer, { key: String((error.params as { missingProperty: string }).missingProperty) });
    case 'dependentRequired':
      return finding('KEY_MISSING', pointer, { key: String((error.params as { missingProperty: string }).missingProperty) });
    case 'type':
      return finding('TYPE_WRONG', pointer, { expected: typesOf(error).map(typeName).join(' or '), found: typeNameOf(data) });
    case 'enum':
    case 'const':
      return notAllowed(error, pointer, data);
    default:
      return finding('VALUE_INVALID', pointer, { found, reason: error.message ?? 'differs from the schema' });
  }
}

function finding(code: ProblemCode, pointer: string, facts: ProblemFacts, what: 'value' | 'key' = 'value'): Finding {
  return { code, pointer, what, facts };
}

const refusedKeys: Readonly<Record<string, ProblemCode>> = {
  cond: 'GUARD_COND',
  invoke: 'INVOKE_REFUSED',
  options: 'OPTIONS_REFUSED',
  route: 'ROUTE_REFUSED',
  context: 'CONTEXT_REFUSED',
};

function unknownKey(error: ErrorObject, pointer: string, { schema }: Held): Finding {
  const key = String((error.params as { additionalProperty: string }).additionalProperty);
  const at = joinPointer(pointer, key);
  const known = Object.keys((valueAt(schema, `${parentOf(error)}/properties`) ?? {}) as object);
  const isChart = known.includes('on') || known.includes('guard');
  if (isChart && Object.hasOwn(refusedKeys, key)) return finding(refusedKeys[key] as ProblemCode, at, {}, 'key');
  return finding('KEY_UNKNOWN', at, { key, suggestion: suggestion(key, known), known: listed(known) }, 'key');
}

/** Pointer of the schema whose keyword failed. */
function parentOf({ schemaPath }: ErrorObject): string {
  return decodeURIComponent(schemaPath.slice(1, schemaPath.lastIndexOf('/')));
}

function notAllowed(error: ErrorObject, pointer: string, data: Json): Finding {
  const params = error.params as { allowedValues?: readonly Json[]; allowedValue?: Json };
  const allowed = (params.allowedValues ?? [params.allowedValue ?? null]).map((value) => (typeof value === 'string' ? value : JSON.stringify(value)));
  return finding('VALUE_NOT_ALLOWED', pointer, {
    found: shown(data),
    allowed: listed(allowed),
    suggestion: typeof data === 'string' ? suggestion(data, allowed) : '',
  });
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  object: 'an object',
  array: 'a list',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  null: 'null',
};

function typeName(type: string): string {
  return typeNames[type] ?? type;
}

function typeNameOf(value: Json): string {
  if (value === null) return 'null';
  return typeName(Array.isArray(value) ? 'array' : typeof value);
}

/** A value as a problem shows it. */
export function shown(value: Json | undefined): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

/** What a guard that could not be read is replaced by, so that its transition does not count as unguarded. */
export const UNREADABLE_GUARD = '\u0001';

/** Takes out what the schema refuses until it accepts the rest. A list with a bad item goes as a whole: its pointers would shift. */
function prune(value: Json, validate: ValidateFunction): Json | undefined {
  const root = { value: structuredClone(value) as Json | undefined };
  for (let round = 0; round < 80 && root.value !== undefined; round += 1) {
    if (validate(root.value)) return root.value;
    const errors = validate.errors ?? [];
    for (const error of errors) if (error.keyword !== 'if') takeOut(root, error);
  }
  return undefined;
}

function takeOut(root: { value: Json | undefined }, error: ErrorObject): void {
  const parts = splitPointer(error.instancePath);
  if (error.keyword === 'additionalProperties') {
    const holder = descend(root.value, parts);
    if (holder) delete holder[String((error.params as { additionalProperty: string }).additionalProperty)];
    return;
  }
  // Walks outwards past list items: the member that holds the list goes.
  for (let length = parts.length; length > 0; length -= 1) {
    const holder = descend(root.value, parts.slice(0, length - 1));
    const key = parts[length - 1] as string;
    if (!holder) return;
    if (Array.isArray(holder)) continue;
    if (key === 'guard' && holder[key] !== UNREADABLE_GUARD) holder[key] = UNREADABLE_GUARD;
    else delete holder[key];
    return;
  }
  root.value = undefined;
}

function descend(value: Json | undefined, parts: readonly string[]): Record<string, Json> | null {
  let holder = value;
  for (const part of parts) {
    if (typeof holder !== 'object' || holder === null || !Object.hasOwn(holder, part)) return null;
    holder = (holder as Record<string, Json>)[part];
  }
  return typeof holder === 'object' && holder !== null ? (holder as Record<string, Json>) : null;
}
