/** Values worth trying for what an event asks for: the domains of the fields that matter, taken from the form. */
import type { Program } from '../core/program.js';
import type { Json, JsonObject } from '../definitions/authored.js';
import type { AskedFor } from '../definitions/index.js';
import { classOf } from './likeness.js';
import { relevanceOf } from './relevance.js';
import { sampleValues } from './samples.js';
import { seeded } from './seeded.js';
import type { Simulation } from './simulation.js';

/** Values of one field, and sets of data for one event, that are tried at most. */
const MOST_VALUES = 8;
const MOST_VARIANTS = 16;

type Domain = readonly (Json | undefined)[];

/**
 * Sets of data for these fields. What no rule looks at has one value. Fields that rules look at are combined in full where that gives few sets;
 * else each is varied by itself and the rest are combinations drawn by a fixed seed, the same every time.
 */
export function variantsOf(program: Program, asked: readonly AskedFor[], simulation: Simulation): readonly JsonObject[] {
  const domains = asked.map((entry): readonly [string, Domain] => [entry.field, domainOf(program, entry, simulation)]);
  const size = domains.reduce((product, [, domain]) => product * Math.max(1, domain.length), 1);
  if (size <= MOST_VARIANTS) return product(domains);
  const first = pick(domains, () => 0);
  const single = domains.flatMap(([field, domain]) => domain.slice(1).map((value) => withValue(first, field, value)));
  const random = seeded(asked.length * 7_919 + size);
  const drawn = Array.from({ length: MOST_VARIANTS }, () => pick(domains, (domain) => Math.floor(random() * domain.length)));
  const distinct = new Map([first, ...single, ...drawn].map((data) => [JSON.stringify(data), data]));
  return [...distinct.values()].slice(0, MOST_VARIANTS);
}

function domainOf(program: Program, { field, required }: AskedFor, simulation: Simulation): Domain {
  const { fields, thresholds } = relevanceOf(program);
  const named = namesOf(program, field, simulation);
  const samples = toldApart(program, field, named ?? [...valuesInScenarios(program, field), ...sampleValues(program, field, simulation.now)]);
  if (!fields.has(field)) return samples.slice(0, 1);
  const { type, minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = program.fields.get(field) ?? {};
  const atThresholds =
    type === 'integer' || type === 'number' ? thresholds.flatMap((limit) => [limit, limit + 1]).filter((value) => value >= minimum && value <= maximum) : [];
  const values = [...new Set([...samples.slice(0, 2), ...atThresholds, ...samples.slice(2)])].slice(0, MOST_VALUES);
  return required ? values : [...values, undefined];
}

/** Whom or what a reference may name here; null for other fields. */
function namesOf(program: Program, field: string, { users, others }: Simulation): readonly Json[] | null {
  const schema = program.fields.get(field);
  const reference = schema?.['x-charter']?.reference ?? schema?.items?.['x-charter']?.reference;
  if (!reference) return null;
  const records = [...others.records.values()].filter(({ process }) => reference.process === undefined || process === reference.process);
  const names =
    reference.kind === 'user' ? [...users.keys()].slice(0, 3) : reference.kind === 'team' ? ['sample-team'] : records.slice(0, 2).map(({ id }) => id);
  return schema?.type === 'array' ? [names.slice(0, 1), ...(schema.minItems ? [] : [[]])] : names;
}

/** Values that the owner's own scenarios give a field: what he found worth trying. Who and what they name exists only there. */
function valuesInScenarios(program: Program, field: string): readonly Json[] {
  const schema = program.fields.get(field);
  if (schema?.['x-charter']?.reference ?? schema?.items?.['x-charter']?.reference ?? schema?.format) return [];
  const scenarios = program.files['scenarios.json']?.scenarios ?? [];
  const sets = scenarios.flatMap(({ given, steps }) => [given?.data, ...steps.filter((step) => step.expect?.refused === undefined).map((step) => step.data)]);
  const values = sets.flatMap((data) => (data !== undefined && Object.hasOwn(data, field) && data[field] !== null ? [data[field] as Json] : []));
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()].slice(0, 4);
}

/** Of the choices and people that no rule tells apart, one. */
function toldApart(program: Program, field: string, values: readonly Json[]): readonly Json[] {
  const classes = new Map(values.map((value) => [classOf(program, field, value), value] as const).reverse());
  return values.filter((value) => classes.get(classOf(program, field, value)) === value);
}

function product(domains: readonly (readonly [string, Domain])[]): readonly JsonObject[] {
  return domains.reduce<readonly JsonObject[]>(
    (sets, [field, domain]) => (domain.length === 0 ? sets : sets.flatMap((data) => domain.map((value) => withValue(data, field, value)))),
    [{}],
  );
}

function pick(domains: readonly (readonly [string, Domain])[], which: (domain: Domain) => number): JsonObject {
  return domains.reduce<JsonObject>((data, [field, domain]) => (domain.length === 0 ? data : withValue(data, field, domain[which(domain)])), {});
}

function withValue(data: JsonObject, field: string, value: Json | undefined): JsonObject {
  const { [field]: _former, ...others } = data;
  return value === undefined ? others : { ...others, [field]: value };
}
