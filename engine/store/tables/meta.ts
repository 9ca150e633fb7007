/** Small facts of the installation. */
import type { Reader } from '../database.js';
import type { Store } from '../types.js';
import type { Writer } from '../writing/writer.js';

export function createMeta(reader: Reader, writer: Writer): Pick<Store, 'meta' | 'setMeta' | 'metaOnce' | 'metas'> {
  return {
    meta: async (key) => (await reader.all<{ value: string }>('SELECT value FROM meta WHERE key = ?', [key]))[0]?.value ?? null,
    async setMeta(key, value) {
      await writer.run('INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value', [key, value]);
    },
    async metaOnce(key, value) {
      await writer.run('INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO NOTHING', [key, value]);
    },
    metas: (prefix, limit) =>
      reader.all<{ key: string; value: string }>('SELECT key, value FROM meta WHERE substr(key, 1, CAST(? AS integer)) = ? ORDER BY key DESC LIMIT ?', [
        prefix.length,
        prefix,
        limit,
      ]),
  };
}
