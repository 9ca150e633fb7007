/** Which fields of other records the rules of a process read. */
import type { Json, ProcessFiles } from '../definitions/authored.js';
import type { QuotedFields } from './factBook.js';

/**
 * Fields of referenced records (`refs.<field>.<theirs>`), and fields of linked records. The latter are read within iterators
 * by bare names, in `reduce` as `current.<theirs>`; a name that is one of the record's own facts has a dot after its root and is no field of an item.
 */
export function quotedFields(files: ProcessFiles): QuotedFields {
  const refs = new Map<string, Set<string>>();
  const items = new Set<string>();
  for (const path of factPaths(files)) {
    const [first = '', name, theirs] = path.split('.');
    if (first === 'refs' && name !== undefined) refs.set(name, (refs.get(name) ?? new Set()).add(theirs ?? ''));
    else if (first === 'current' && name !== undefined) items.add(name);
    else if (first !== '') items.add(first);
  }
  return { refs, items };
}

function factPaths(files: ProcessFiles): readonly string[] {
  const found: string[] = [];
  const walk = (value: Json | undefined): void => {
    if (Array.isArray(value)) value.forEach(walk);
    else if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value)) {
        const paths = key === 'var' ? [Array.isArray(inner) ? inner[0] : inner] : key === 'missing' ? [inner].flat() : [];
        for (const path of paths) if (typeof path === 'string') found.push(path);
        walk(inner);
      }
    }
  };
  for (const name of ['statechart.json', 'rules.json', 'process.json', 'form.json'] as const) walk(files[name] as unknown as Json);
  return found;
}
