/** Where a record stands, as an import needs to know it: active paths and fields, from a view or folded from its history. */
import type { HistoryView, Json, JsonObject, RecordView, StateValue } from '../../engine/index.js';
import type { Mapping } from './mapping.js';

export interface Standing {
  readonly paths: ReadonlySet<string>;
  readonly data: JsonObject;
  /** Instant of the latest step, milliseconds. */
  readonly at: number;
}

export function standingOf(view: RecordView): Standing {
  return { paths: new Set(view.paths), data: view.data, at: view.updatedAt };
}

/** The standing after one more entry. */
export function foldEntry(before: Standing | null, entry: Pick<HistoryView, 'to' | 'changes' | 'at'>): Standing {
  const data: Record<string, Json> = { ...before?.data };
  for (const [field, [, after]] of Object.entries(entry.changes)) data[field] = after;
  return { paths: pathsOf(entry.to), data, at: entry.at };
}

/** Dot-joined paths of all active states. */
function pathsOf(value: StateValue): ReadonlySet<string> {
  const paths = new Set<string>();
  collect(value, '', paths);
  return paths;
}

function collect(value: StateValue, prefix: string, paths: Set<string>): void {
  if (typeof value === 'string') {
    paths.add(prefix + value);
    return;
  }
  for (const [key, inner] of Object.entries(value)) {
    paths.add(prefix + key);
    if (inner !== undefined) collect(inner, `${prefix}${key}.`, paths);
  }
}

/** The source's word for where the record stands: the first label that fits, or null. */
export function labelOf(mapping: Mapping, standing: Pick<Standing, 'paths' | 'data'>): string | null {
  for (const [label, { in: path, where }] of Object.entries(mapping.file.state.labels)) {
    const fits = standing.paths.has(path) && Object.entries(where ?? {}).every(([field, value]) => (standing.data[field] ?? null) === value);
    if (fits) return label;
  }
  return null;
}
