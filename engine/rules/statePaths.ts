/** State values as sets of dotted paths. */
import type { StateValue } from '../types.js';

const known = new WeakMap<object, ReadonlySet<string>>();

/** All active paths of a state value: `{active: 'waiting'}` gives `active` and `active.waiting`. */
export function statePaths(value: StateValue): ReadonlySet<string> {
  if (typeof value === 'string') return new Set([value]);
  const remembered = known.get(value);
  if (remembered !== undefined) return remembered;
  const paths = new Set<string>();
  collect(value, '', paths);
  known.set(value, paths);
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

/** Those of the active paths that contain no other: of `active` and `active.waiting` the second. */
export function leafPaths(active: ReadonlySet<string>): readonly string[] {
  const paths = [...active];
  return paths.filter((path) => !paths.some((other) => other.startsWith(`${path}.`)));
}
