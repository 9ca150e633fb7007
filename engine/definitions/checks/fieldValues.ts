/** Literal values against the schema of the field they are for. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats, { type FormatsPlugin } from 'ajv-formats';
import type { FieldSchema, Json } from '../authored.js';
import type { Report } from '../report.js';
import { shown } from '../schema.js';

const addFormats = formats as unknown as FormatsPlugin;
const validators = new WeakMap<FieldSchema, ValidateFunction | null>();

/** Reports a literal that the field would refuse. Nothing is said when the field's own schema is faulty: another check does. */
export function checkFieldValue(
  field: string,
  { schema, value }: { schema: FieldSchema | undefined; value: Json },
  { report, file, pointer }: { report: Report; file: string; pointer: string },
): void {
  const validate = schema && validatorOf(schema);
  if (!validate || validate(value)) return;
  const reason = validate.errors?.[0];
  report.add(
    'DEFAULT_INVALID',
    { file, pointer },
    { found: shown(value), field, reason: [reason?.instancePath.slice(1), reason?.message ?? 'it is refused'].filter(Boolean).join(' ') },
  );
}

function validatorOf(schema: FieldSchema): ValidateFunction | null {
  const known = validators.get(schema);
  if (known !== undefined) return known;
  const validate = compile(schema);
  validators.set(schema, validate);
  return validate;
}

let shared: Ajv2020 | null = null;

/** Patterns are left out: they have a check of their own, and one that backtracks must not run here. */
function compile(schema: FieldSchema): ValidateFunction | null {
  if (!shared) {
    shared = new Ajv2020({ strict: false, ownProperties: true, validateSchema: false, addUsedSchema: false });
    addFormats(shared);
  }
  const plain = withoutPatterns(schema);
  try {
    return shared.compile(plain);
  } catch {
    return null;
  } finally {
    // The instance would keep every schema it ever saw.
    shared.removeSchema(plain);
  }
}

function withoutPatterns(schema: FieldSchema): FieldSchema {
  const { pattern: _pattern, items, properties, ...rest } = schema;
  return {
    ...rest,
    ...(items ? { items: withoutPatterns(items) } : {}),
    ...(properties ? { properties: Object.fromEntries(Object.entries(properties).map(([name, inner]) => [name, withoutPatterns(inner)])) } : {}),
  };
}
