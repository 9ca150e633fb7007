/** When two simulations count as the same for exploring: their rules can not tell them apart. */
import type { Program } from '../core/program.js';
import type { KnownRecord } from '../core/step.js';
import type { Json } from '../definitions/authored.js';
import { parseInstant } from '../rules/index.js';
import type { Others } from './others.js';
import { type Relevance, relevanceOf } from './relevance.js';
import type { Simulation } from './simulation.js';

/** Numbers count by which thresholds they pass, instants by whether they are past, free text by being there; everything else as it is. */
export function likenessOf(program: Program, simulation: Simulation): string {
  const { record, visited, now, others } = simulation;
  const relevance = relevanceOf(program);
  const data = Object.entries(record?.data ?? {})
    .filter(([field]) => relevance.fields.has(field))
    .map(([field, value]) => [field, like(value, { relevance, now, whole: isWhole(program, field) })])
    .sort();
  return JSON.stringify([
    record?.value,
    record?.historyValue,
    data,
    [...relevance.visited].filter((path) => visited.has(path)),
    Object.entries(record?.approvals ?? {}).map(([name, { status, step, votes }]) => [name, status, step, votes.length]),
    Object.entries(record?.clocks ?? {}).map(([name, clock]) => [name, clock.status, clock.breachedAt !== null]),
    Object.keys(record?.raised ?? {}).sort(),
    othersLike(record?.data ?? {}, others, relevance),
  ]);
}

interface Around {
  readonly relevance: Relevance;
  readonly now: number;
  /** Texts count as they are. */
  readonly whole: boolean;
}

/** Whose choices, looked up in tables, or people, where it matters who acts, count one by one. */
function isWhole(program: Program, field: string): boolean {
  const { lookedUp, actors } = relevanceOf(program);
  return lookedUp.has(field) || (actors && program.fields.get(field)?.['x-charter']?.reference?.kind === 'user');
}

/** What a rule can tell a value of a field by; two values with the same class need not both be tried. */
export function classOf(program: Program, field: string, value: Json): string {
  return JSON.stringify(
    like(value, {
      relevance: relevanceOf(program),
      now: 0,
      whole: isWhole(program, field) || typeof value === 'number' || Array.isArray(value) || isInstant(value),
    }),
  );
}

function isInstant(value: Json): boolean {
  return typeof value === 'string' && /^\d{4}-/.test(value);
}

function like(value: Json, around: Around): Json {
  if (typeof value === 'number') return around.whole ? value : threshold(value, around.relevance.thresholds);
  if (typeof value === 'string') return around.whole || around.relevance.texts.has(value) ? value : textLike(value, around.now);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return [Math.min(value.length, 3), ...[...new Set(value.map((item: Json) => JSON.stringify(like(item, around))))].sort()];
  return Object.entries(value).map(([key, inner]) => [key, like(inner as Json, around)]);
}

/** Between which thresholds a number lies, and whether it is one of them. */
function threshold(value: number, thresholds: readonly number[]): string {
  const below = thresholds.filter((limit) => limit < value).length;
  return `${below}${thresholds[below] === value ? '=' : ''}`;
}

function textLike(value: string, now: number): string {
  const instant = /^\d{4}-/.test(value) ? parseInstant(value) : null;
  if (instant === null) return value === '' ? '' : '*';
  return instant < now ? 'past' : 'ahead';
}

/** What rules see of other records. */
function othersLike(data: { readonly [field: string]: Json }, { records, linked }: Others, { links, refs }: Relevance): Json {
  const seen = (record: KnownRecord | undefined): Json => (record ? [record.process, record.status, [...record.states]] : null);
  const ofLinks = [...links].map((name) => {
    const kinds = (linked.get(name) ?? []).map((id) => JSON.stringify(seen(records.get(id))));
    return [name, Math.min(kinds.length, 2), ...new Set(kinds)].sort();
  });
  const ofRefs = [...refs].map((field) => [field, seen(records.get(String(data[field] ?? '')))]);
  return [ofLinks, ofRefs] as unknown as Json;
}
