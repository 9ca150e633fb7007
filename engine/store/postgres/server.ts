/** Whether a PostgreSQL server can be trusted with records: its version, its role, and whether what it acknowledges is kept. */
import type { JsonObject } from '../../types.js';
import type { Reader } from '../database.js';

const oldest = 140_000;
const names = ['server_version', 'server_version_num', 'fsync', 'full_page_writes', 'synchronous_commit', 'server_encoding', 'wal_level'];

/** Settings that decide whether what is acknowledged is kept, as the server says them. */
export async function settingsOf(connection: Reader): Promise<JsonObject> {
  const current = names.map((name) => `current_setting('${name}') AS ${name}`).join(', ');
  const [row] = await connection.all<Record<string, string>>(`SELECT ${current}, CAST(pg_is_in_recovery() AS text) AS in_recovery`);
  return { ...row };
}

/** Why a server with these settings is refused, or null. */
export function unfit(found: JsonObject): string | null {
  if (Number(found.server_version_num) < oldest) {
    return `PostgreSQL ${found.server_version} is too old: 14 or newer is needed.`;
  }
  if (found.fsync !== 'on' || found.full_page_writes !== 'on') {
    return 'PostgreSQL runs with fsync or full_page_writes off: what it acknowledges may be lost. Set both to on.';
  }
  if (found.server_encoding !== 'UTF8') {
    return `The database's encoding is ${found.server_encoding}; it must be UTF8.`;
  }
  return found.in_recovery === 'true' ? 'This PostgreSQL is a replica. DATABASE_URL must name the primary; replicas go into DATABASE_REPLICA_URLS.' : null;
}
