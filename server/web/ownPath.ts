/** Addresses to go back to must be ours: `//host`, `/\host`, `javascript:` and the like lead home instead. */

const BASE = 'http://own.invalid';

/** The path with query and fragment when it is an absolute path of this server, else `/`. */
export function ownPath(given: string | null | undefined): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: browsers drop them, so `/\t/host` would leave the site
  if (!given?.startsWith('/') || /[\\\u0000-\u001f]/u.test(given)) return '/';
  try {
    const url = new URL(given, BASE);
    return url.origin === BASE && !url.pathname.startsWith('//') ? url.pathname + url.search + url.hash : '/';
  } catch {
    return '/';
  }
}
