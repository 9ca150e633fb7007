/** Turns cells into the values of fields, as the mapping says. Pure. */
import type { Json, JsonObject } from '../../engine/index.js';
import type { Mapping } from './mapping.js';
import type { ActorSpec, ColumnSpec, ValueSpec } from './mappingFile.js';
import { slug, slugId } from './slug.js';
import { RowProblem } from './source.js';

export type Cells = Readonly<Record<string, string>>;

export interface NamedActor {
  readonly id: string;
  readonly roles: readonly string[];
  readonly teams: readonly string[];
}

/** The value of a field, or undefined where the source says unknown. @throws RowProblem where a cell can not be what the mapping says. */
export function fieldValue(mapping: Mapping, spec: ValueSpec, cells: Cells): Json | undefined {
  if (typeof spec === 'string') return known(mapping, cells[spec]);
  if ('value' in spec) return spec.value;
  if ('text' in spec) return spec.text.replaceAll(/\{([^{}]+)\}/g, (_whole, column: string) => cells[column] ?? '');
  const cell = known(mapping, cells[spec.column]);
  if (cell === undefined) return spec.otherwise;
  return spec.table === undefined ? transformed(mapping, spec, cell) : fromTable(mapping, spec, cell);
}

/** Several fields; what is unknown is left out. */
export function dataOf(mapping: Mapping, fields: { readonly [field: string]: ValueSpec }, cells: Cells): JsonObject {
  const data: Record<string, Json> = {};
  for (const [field, spec] of Object.entries(fields)) {
    const value = fieldValue(mapping, spec, cells);
    if (value !== undefined) data[field] = value;
  }
  return data;
}

export function instantOf(mapping: Mapping, column: string, cells: Cells): number {
  const cell = known(mapping, cells[column]);
  if (cell === undefined) throw new RowProblem('instant-unknown', `${column} is not known`);
  const instant = mapping.instant(cell);
  if (instant === null) throw new RowProblem('instant-invalid', `${column} is ${quoted(cell)}, which is no instant of the form ${mapping.file.time.format}`);
  return instant;
}

export function actorOf(mapping: Mapping, spec: ActorSpec, cells: Cells): NamedActor {
  const cell = known(mapping, cells[spec.column]);
  const id = cell === undefined ? spec.otherwise : personId(mapping, spec.column, cell);
  if (id === undefined) throw new RowProblem('actor-unknown', `${spec.column} is not known`);
  const teams = (spec.teams ?? []).map((team) => fieldValue(mapping, team, cells)).filter((team): team is string => typeof team === 'string');
  return { id, roles: spec.roles, teams };
}

/** The user a cell names, by prefix and slug. */
export function personId(mapping: Mapping, column: string, cell: string): string {
  const people = mapping.file.people?.find((candidate) => candidate.columns.includes(column));
  return idOr(column, cell, slugId(people?.prefix ?? '', cell));
}

export function teamId(mapping: Mapping, column: string, cell: string): string {
  const teams = mapping.file.teams?.find((candidate) => candidate.columns.includes(column));
  return idOr(column, cell, slugId(teams?.prefix ?? '', cell));
}

function idOr(column: string, cell: string, id: string | null): string {
  if (id === null) throw new RowProblem('name-unusable', `${column} is ${quoted(cell)}, of which no id can be made`);
  return id;
}

function known(mapping: Mapping, cell: string | undefined): string | undefined {
  return cell === undefined || mapping.isUnknown(cell) ? undefined : cell;
}

function fromTable(mapping: Mapping, spec: ColumnSpec, cell: string): Json {
  const table = mapping.file.tables?.[spec.table ?? ''] ?? {};
  if (!Object.hasOwn(table, cell)) throw new RowProblem('value-not-in-table', `${spec.column} is ${quoted(cell)}, which the table ${spec.table} does not list`);
  return table[cell] as Json;
}

function transformed(mapping: Mapping, spec: ColumnSpec, cell: string): Json {
  switch (spec.as) {
    case undefined:
      return cell;
    case 'slug':
      return idOr(spec.column, cell, slug(cell) || null);
    case 'lower':
      return cell.toLowerCase();
    case 'person':
      return personId(mapping, spec.column, cell);
    case 'team':
      return teamId(mapping, spec.column, cell);
    case 'boolean':
      return booleanOf(spec.column, cell);
    case 'number':
      return numberOf(spec.column, cell);
    default:
      return new Date(instantOf(mapping, spec.column, { [spec.column]: cell })).toISOString();
  }
}

function booleanOf(column: string, cell: string): boolean {
  if (/^(true|false)$/i.test(cell)) return cell.toLowerCase() === 'true';
  throw new RowProblem('value-invalid', `${column} is ${quoted(cell)}, which is neither true nor false`);
}

function numberOf(column: string, cell: string): number {
  if (/^-?\d{1,15}(\.\d{1,10})?$/.test(cell)) return Number(cell);
  throw new RowProblem('value-invalid', `${column} is ${quoted(cell)}, which is no number`);
}

/** A cell as messages show it: short, and without control characters. */
export function quoted(cell: string): string {
  const short = cell.length > 60 ? `${cell.slice(0, 57)}…` : cell;
  return JSON.stringify(short);
}
