/** Dotted paths into data, by own properties only: `constructor` and `toString` are never there (RISKS.md, R3). */

const split = new Map<string, readonly string[]>();
const remembered = 10_000;

/** The value at a dotted path, or undefined. Lists answer to indexes and `length`, texts to `length`. */
export function propertyAt(data: unknown, path: unknown): unknown {
  let value = data;
  for (const key of segments(String(path))) {
    if (value === null || value === undefined) return undefined;
    if (typeof value === 'object') value = Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
    else if (typeof value === 'string') value = key === 'length' ? value.length : /^\d+$/.test(key) ? value[Number(key)] : undefined;
    else return undefined;
  }
  return typeof value === 'function' ? undefined : value;
}

const outerRoots: ReadonlySet<string> = new Set(['record', 'event', 'actor', 'links', 'clocks', 'votes', 'refs']);

/** Whether a path, read within an iterator, names a fact of the whole (`record.title`, `now`) rather than a field of the entry. */
export function isOuterPath(path: string): boolean {
  const dot = path.indexOf('.');
  return path === 'now' || (dot > 0 && outerRoots.has(path.slice(0, dot)));
}

function segments(path: string): readonly string[] {
  const known = split.get(path);
  if (known !== undefined) return known;
  const made = path.split('.');
  if (split.size < remembered) split.set(path, made);
  return made;
}
