/** Makes ids out of the names that another system gave. */

/** Lower case letters, digits and single dashes; empty where nothing of the text remains. */
export function slug(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
}

/** An id as users and teams have one, at most 64 characters, or null where the text gives none. */
export function slugId(prefix: string, text: string): string | null {
  const id = `${prefix}${slug(text)}`;
  return /^[a-z0-9][a-z0-9._-]{0,63}$/.test(id) ? id : null;
}
