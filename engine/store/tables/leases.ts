/** What one server does for all: whoever holds the lease of that name. One that is not given back, because its server died, runs out by itself. */
import { randomUUID } from 'node:crypto';
import { every } from '../../clock.js';
import type { Dialect } from '../dialect/dialect.js';
import type { LeaseStore } from '../types.js';
import type { Writer } from '../writing/writer.js';

/** Times a lease is extended before it would have run out. */
const extensions = 3;

export function createLeases({ writer, dialect }: { readonly writer: Writer; readonly dialect: Dialect }): LeaseStore {
  const { lease, releaseLease }: Omit<LeaseStore, 'withLease'> = {
    // The clocks of servers differ and jump: only the one of the database is the same for all who ask.
    async lease(name, holder, ms) {
      const changed = await writer.run(
        `INSERT INTO leases (name, holder, until) VALUES (?, ?, ${dialect.now} + ?)
         ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until WHERE leases.holder = excluded.holder OR leases.until <= ${dialect.now}`,
        [name, holder, ms],
      );
      return changed > 0;
    },
    async releaseLease(name, holder) {
      await writer.run('DELETE FROM leases WHERE name = ? AND holder = ?', [name, holder]);
    },
  };
  return {
    lease,
    releaseLease,
    async withLease(name, ms, work) {
      const holder = randomUUID();
      if (!(await lease(name, holder, ms))) return null;
      const stop = every(ms / extensions, () => void lease(name, holder, ms).catch(() => undefined));
      try {
        return await work();
      } finally {
        stop();
        // The work is done, or has failed for a reason of its own: a lease that can not be given back runs out.
        await releaseLease(name, holder).catch(() => undefined);
      }
    },
  };
}
