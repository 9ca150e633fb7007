/** Values that a form admits, for exploring and for random walks. */

import type { Program } from '../core/program.js';
import type { KnownRecord, KnownUser } from '../core/step.js';
import type { FieldSchema, Json, JsonObject } from '../definitions/authored.js';

/** A handful of values of a field, among them its edges; every one is valid. */
export function sampleValues(program: Program, field: string, now: number): readonly Json[] {
  const schema = program.fields.get(field) ?? {};
  const reference = schema['x-charter']?.reference;
  const choices = program.fieldSet.choices(field);
  if (schema.type === 'array')
    return arraySamples(schema, { reference: referenceNames(reference), choices: choices?.map((choice) => choice.value) ?? null, now });
  if (reference) return referenceNames(reference) ?? [];
  if (choices) return choices.map((choice) => choice.value);
  return plainSamples(schema, now);
}

/** People who together hold every role, and two records of each process that reference fields may name: one with everything, one with empty lists. */
export function sampleWorld(
  programs: ReadonlyMap<string, Program>,
  roles: readonly string[],
  now: number,
): { readonly users: ReadonlyMap<string, KnownUser>; readonly records: ReadonlyMap<string, KnownRecord> } {
  const users = people.map((id): KnownUser => ({ id, roles, teams: ['sample-team'], standIn: null, absent: false, active: true }));
  const records = [...programs].flatMap(([key, program]) => {
    const full = sampleRecord(program, now);
    const bare = Object.fromEntries(Object.entries(full).map(([field, value]) => [field, Array.isArray(value) ? [] : value]));
    return [full, bare].map((data, index): KnownRecord => {
      const id = recordNames(key)[index] as string;
      return { id, number: id, process: key, version: 1, status: 'active', states: [], data };
    });
  });
  return { users: new Map(users.map((user) => [user.id, user])), records: new Map(records.map((record) => [record.id, record])) };
}

const people = ['sample-ann', 'sample-bob', 'sample-cem'];

function sampleRecord(program: Program, now: number): JsonObject {
  return Object.fromEntries(
    [...program.fields.keys()].map((field) => [field, sampleValues(program, field, now)[0] ?? null]).filter(([, value]) => value !== null),
  );
}

function recordNames(process: string): readonly string[] {
  return [`sample-${process}`, `sample-${process}-bare`];
}

function referenceNames(reference: { readonly kind: string; readonly process?: string } | undefined): readonly string[] | null {
  if (!reference) return null;
  if (reference.kind === 'user') return people;
  return reference.kind === 'team' ? ['sample-team'] : recordNames(reference.process ?? 'record');
}

function arraySamples(schema: FieldSchema, around: { reference: readonly string[] | null; choices: readonly Json[] | null; now: number }): readonly Json[] {
  const items =
    around.reference ??
    around.choices ??
    (schema.items?.type === 'object' ? [objectSample(schema.items, around.now)] : plainSamples(schema.items ?? {}, around.now));
  const few = items.slice(0, Math.max(1, schema.minItems ?? 1));
  return schema.minItems ? [few] : [few, []];
}

function objectSample(schema: FieldSchema, now: number): JsonObject {
  return Object.fromEntries(
    Object.entries(schema.properties ?? {})
      .map(([name, inner]) => [
        name,
        inner.enum?.[0] ??
          inner.oneOf?.[0]?.const ??
          (inner.type === 'array' ? [] : inner.type === 'object' ? objectSample(inner, now) : plainSamples(inner, now)[0]) ??
          null,
      ])
      .filter(([, value]) => value !== null),
  );
}

function plainSamples(schema: FieldSchema, now: number): readonly Json[] {
  if (schema.type === 'boolean') return [true, false];
  if (schema.type === 'integer' || schema.type === 'number') return numberSamples(schema);
  if (schema.format === 'date-time') return [new Date(now + 86_400_000).toISOString(), new Date(now + 7 * 86_400_000).toISOString()];
  if (schema.format === 'date') return [new Date(now + 86_400_000).toISOString().slice(0, 10)];
  if (schema.format === 'time') return ['10:00:00Z'];
  if (schema.format === 'duration') return ['PT4H', 'P2D'];
  if (schema.format === 'email') return ['ann@example.org'];
  if (schema.format === 'uri') return ['https://example.org/'];
  if (schema.pattern !== undefined) return schema.examples ?? [];
  const text = 'Sample text that is long enough for most fields';
  return [text.slice(0, schema.maxLength ?? text.length).padEnd(schema.minLength ?? 0, '.')];
}

function numberSamples(schema: FieldSchema): readonly Json[] {
  const low = schema.minimum ?? (schema.exclusiveMinimum === undefined ? 0 : schema.exclusiveMinimum + 1);
  const high = schema.maximum ?? (schema.exclusiveMaximum === undefined ? low + 100_000 : schema.exclusiveMaximum - 1);
  const step = schema.multipleOf ?? 1;
  const values = [low, low + step, Math.floor((low + high) / 2 / step) * step, high];
  return [...new Set(values.filter((value) => value >= low && value <= high))];
}
