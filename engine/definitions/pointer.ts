/** RFC 6901 JSON pointers. */
import type { Json } from './authored.js';

/** The pointer of a member or item inside what `pointer` points to. */
export function joinPointer(pointer: string, part: string): string {
  return `${pointer}/${part.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** The parts of a pointer, unescaped; none for the whole document. */
export function splitPointer(pointer: string): readonly string[] {
  if (pointer === '') return [];
  return pointer
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** What a pointer points to; undefined when there is nothing. */
export function valueAt(root: Json | undefined, pointer: string): Json | undefined {
  let value = root;
  for (const part of splitPointer(pointer)) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as { readonly [key: string]: Json })[part];
  }
  return value;
}
