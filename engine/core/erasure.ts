/** Which values of a history an erasure takes. Erasing and verifying must agree on it. */

/** Paths of values, and of all below them. Messages that went out may have quoted any field, so what they held goes as well. */
export function erasedPaths(fields: readonly string[]): readonly string[] {
  return ['e', ...fields.flatMap((field) => (field === 'comments' ? ['d.text'] : [`c.${field}`, `d.${field}`]))];
}

export function isTaken(path: string, paths: readonly string[]): boolean {
  return paths.some((gone) => path === gone || path.startsWith(`${gone}.`));
}
