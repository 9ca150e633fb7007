/** Decision tables (the first row that fits decides) and lists of choices with facts about each. */
import type { Json, JsonObject, ListFile, TableFile } from '../definitions/authored.js';
import { RuleFailure } from './budget.js';

/** The result of the first row all of whose cells fit, else the default, else null. @throws RuleFailure for a wrong number of inputs. */
export function lookUp(table: TableFile, inputs: readonly Json[]): Json {
  if (inputs.length !== table.inputs.length) throw new RuleFailure(`the table takes ${table.inputs.length} inputs and got ${inputs.length}`);
  for (const row of table.rows) {
    if (row.when.every((cell, index) => cellFits(cell, inputs[index] ?? null))) return row.then;
  }
  return table.default ?? null;
}

/** Whether a cell takes a value: a literal (equal), a list (any of), `{min, max}` (inclusive range) or null (anything). */
export function cellFits(cell: Json, value: Json): boolean {
  if (cell === null) return true;
  if (Array.isArray(cell)) return (cell as readonly Json[]).includes(value);
  if (typeof cell !== 'object') return cell === value;
  const { min, max } = cell as JsonObject;
  return typeof value === 'number' && (typeof min !== 'number' || value >= min) && (typeof max !== 'number' || value <= max);
}

const entriesById = new WeakMap<ListFile, ReadonlyMap<string, JsonObject>>();

/** A property of the entry with this id; null for no id, no such entry (it may have been taken from the list since) or no such property. */
export function choiceOf(list: ListFile, id: unknown, property: string): Json {
  let entries = entriesById.get(list);
  if (entries === undefined) {
    entries = new Map(list.entries.map((entry) => [entry.id, entry]));
    entriesById.set(list, entries);
  }
  const entry = typeof id === 'string' ? entries.get(id) : undefined;
  return entry !== undefined && Object.hasOwn(entry, property) ? (entry[property] ?? null) : null;
}
