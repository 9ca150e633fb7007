/** Takes from a program the right to write where its owner may not: root ignores permissions unless its capabilities go. */
export const obeyingPermissions: readonly string[] = process.getuid?.() === 0 ? ['setpriv', '--bounding-set=-all', '--inh-caps=-all'] : [];
