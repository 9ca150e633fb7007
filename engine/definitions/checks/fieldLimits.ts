/** Limits of a field that leave no value, and choices listed twice. */
import canonicalize from 'canonicalize';
import type { FieldSchema, Json } from '../authored.js';
import type { Report } from '../report.js';
import { shown } from '../schema.js';

interface Place {
  readonly file: string;
  readonly pointer: string;
  readonly report: Report;
}

const ranges = [
  ['minLength', 'maxLength', false],
  ['minItems', 'maxItems', false],
  ['minimum', 'maximum', false],
  ['exclusiveMinimum', 'maximum', true],
  ['minimum', 'exclusiveMaximum', true],
  ['exclusiveMinimum', 'exclusiveMaximum', true],
] as const;

export function checkLimits(schema: FieldSchema, { file, pointer, report }: Place): void {
  for (const [least, most, strict] of ranges) {
    const [low, high] = [schema[least], schema[most]];
    if (low === undefined || high === undefined || low < high || (low === high && !strict)) continue;
    report.add(
      'FIELD_UNSATISFIABLE',
      { file, pointer: `${pointer}/${least}` },
      { reason: `\`${least}\` ${low} and \`${most}\` ${high} leave nothing between them` },
    );
  }
  checkChoices(schema.enum ?? [], schema, { file, pointer: `${pointer}/enum`, report, member: '' });
  checkChoices(
    (schema.oneOf ?? []).map((choice) => choice.const),
    schema,
    { file, pointer: `${pointer}/oneOf`, report, member: '/const' },
  );
}

function checkChoices(choices: readonly Json[], { type }: FieldSchema, { file, pointer, report, member }: Place & { member: string }): void {
  const seen = new Set<string>();
  for (const [index, choice] of choices.entries()) {
    const text = canonicalize(choice) ?? '';
    if (seen.has(text)) report.add('CHOICE_DUPLICATE', { file, pointer: `${pointer}/${index}${member}` }, { found: shown(choice) });
    seen.add(text);
  }
  if (type !== undefined && choices.length > 0 && !choices.some((choice) => isOfType(choice, type))) {
    report.add('FIELD_UNSATISFIABLE', { file, pointer }, { reason: `none of the choices is of the type ${type}` });
  }
}

function isOfType(value: Json, type: NonNullable<FieldSchema['type']>): boolean {
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  if (type === 'integer') return Number.isInteger(value);
  return typeof value === type;
}
