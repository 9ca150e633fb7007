/** Random data that a form admits: every kind of field, its edges, and texts that are hard to store. */
import type { Program } from '../../../engine/core/program.js';
import type { KnownRecord, KnownUser } from '../../../engine/core/step.js';
import type { FieldSchema, Json, JsonObject } from '../../../engine/definitions/authored.js';

export type Random = () => number;

export interface Around {
  readonly random: Random;
  readonly now: number;
  readonly users: readonly string[];
  /** Ids of records by process. */
  readonly records: ReadonlyMap<string, readonly string[]>;
}

const texts = [
  'x',
  'Mail is slow since nine',
  'Grüße, 世界, 👩‍🚀',
  '  spaces  ',
  '<script>alert(1)</script>',
  "Robert'); DROP TABLE records;--",
  '"quoted", \\back\\slash',
  'line\nbreak\ttab',
  '=1+1',
  '{{record.number}}',
  '__proto__',
  'null',
  'ﬁne e\u0301',
];
const teams = ['first-line', 'network', 'sample-team'];

export function pick<T>(random: Random, list: readonly T[]): T {
  return list[Math.floor(random() * list.length)] as T;
}

/** A value of a field; null where it has none. */
export function randomValue(program: Program, field: string, around: Around): Json {
  const schema = program.fields.get(field) ?? {};
  const choices = program.fieldSet.choices(field)?.map((choice) => choice.value) ?? null;
  return fieldValue(schema, around, { reference: schema['x-charter']?.reference, choices });
}

type Known = { readonly reference?: { readonly kind: string; readonly process?: string } | undefined; readonly choices?: readonly Json[] | null };

function fieldValue(schema: FieldSchema, around: Around, { reference, choices }: Known): Json {
  const { random, now } = around;
  if (schema.type === 'array') return list(schema, around, { reference, choices: choices ?? null });
  if (reference) return pick(random, namesOf(reference, around)) ?? null;
  const own = choices ?? schema.enum ?? schema.oneOf?.map((choice) => choice.const);
  if (own) return pick(random, own);
  if (schema.type === 'boolean') return random() < 0.5;
  if (schema.type === 'integer' || schema.type === 'number') return number(schema, random);
  if (schema.type === 'object') return object(schema, around);
  if (schema.format === 'date-time') return new Date(now + Math.floor((random() - 0.2) * 60 * 86_400_000)).toISOString();
  if (schema.format === 'date') return new Date(now + Math.floor(random() * 90) * 86_400_000).toISOString().slice(0, 10);
  if (schema.format === 'time') return `${String(Math.floor(random() * 24)).padStart(2, '0')}:30:00Z`;
  if (schema.format === 'duration') return pick(random, ['PT15M', 'PT4H', 'P1D', 'P3DT6H']);
  if (schema.format === 'email') return 'ann@example.org';
  if (schema.format === 'uri') return 'https://example.org/?a=1&b=%20';
  if (schema.pattern !== undefined) return pick(random, schema.examples ?? [null as Json]);
  return text(schema, random);
}

function text({ maxLength = 20_000, minLength = 0 }: FieldSchema, random: Random): string {
  const whole = random() < 0.005 ? 'long '.repeat(4_000) : pick(random, texts);
  return [...whole]
    .slice(0, Math.max(1, Math.floor(maxLength / 2)))
    .join('')
    .padEnd(minLength, '.');
}

function number(schema: FieldSchema, random: Random): number {
  const low = schema.minimum ?? (schema.exclusiveMinimum === undefined ? 0 : schema.exclusiveMinimum + 1);
  const high = schema.maximum ?? (schema.exclusiveMaximum === undefined ? low + 10 ** Math.floor(random() * 6) : schema.exclusiveMaximum - 1);
  const step = schema.multipleOf ?? 1;
  return Math.min(high, Math.max(low, low + Math.floor((random() * (high - low + step)) / step) * step));
}

function list(schema: FieldSchema, around: Around, known: Known): Json {
  const { random } = around;
  const count = Math.max(schema.minItems ?? 0, Math.min(schema.maxItems ?? 4, Math.floor(random() * 4)));
  const items = Array.from({ length: count }, () => fieldValue(schema.items ?? {}, around, known));
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
}

function object(schema: FieldSchema, around: Around): JsonObject {
  const chosen = Object.entries(schema.properties ?? {}).filter(([name]) => schema.required?.includes(name) || around.random() < 0.5);
  return Object.fromEntries(chosen.map(([name, inner]) => [name, fieldValue(inner, around, {})]).filter(([, value]) => value !== null));
}

function namesOf(reference: { readonly kind: string; readonly process?: string }, { users, records }: Around): readonly string[] {
  if (reference.kind === 'user') return users;
  if (reference.kind === 'team') return teams;
  return reference.process === undefined ? [...records.values()].flat() : (records.get(reference.process) ?? []);
}

/** People of whom each holds some of the roles, and records of every process, each with random data. */
export function randomWorld(
  programs: ReadonlyMap<string, Program>,
  roles: readonly string[],
  { random, now }: Pick<Around, 'random' | 'now'>,
): { readonly users: ReadonlyMap<string, KnownUser>; readonly records: ReadonlyMap<string, KnownRecord>; readonly around: Around } {
  const ids = ['ann', 'bob', 'cem', 'dea', 'eve', 'fay'];
  const users = ids.map(
    (id, index): KnownUser => ({
      id,
      roles: index < 2 ? roles : roles.filter(() => random() < 0.3),
      teams: teams.filter(() => random() < 0.5),
      standIn: id === 'eve' ? 'ann' : null,
      absent: id === 'eve',
      active: true,
    }),
  );
  const names = new Map([...programs.keys()].map((key) => [key, Array.from({ length: 8 }, (_, index) => `${key}-${index}`)]));
  const around: Around = { random, now, users: ids, records: names };
  const records = [...programs].flatMap(([key, program]) =>
    (names.get(key) ?? []).map((id): [string, KnownRecord] => {
      const data = Object.fromEntries(
        [...program.fields.keys()].map((field) => [field, random() < 0.8 ? randomValue(program, field, around) : null]).filter(([, value]) => value !== null),
      ) as JsonObject;
      return [id, { id, number: id, process: key, version: 1, status: 'active', states: [], data }];
    }),
  );
  return { users: new Map(users.map((user) => [user.id, user])), records: new Map(records), around };
}
