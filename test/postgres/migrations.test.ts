import { describe, expect, it, onTestFinished } from 'vitest';
import { pause, systemClock } from '../../engine/clock.js';
import { migrations } from '../../engine/store/migrations/index.js';
import { openStore } from '../../engine/store/openStore.js';
import { schemaLock } from '../../engine/store/postgres/partitions.js';
import { below, newDatabase, onPostgres, rowsBelow } from '../databases.js';

async function emptyDatabase(): Promise<string> {
  const { url, drop } = await newDatabase('');
  onTestFinished(drop);
  return url;
}

const names = migrations.map(({ name }) => name);

describe('the schema on PostgreSQL', () => {
  it('is made once, however many servers start at the same moment', async () => {
    const url = await emptyDatabase();
    const stores = await Promise.all(Array.from({ length: 5 }, () => openStore({ url }, systemClock)));
    onTestFinished(async () => void (await Promise.all(stores.map((store) => store.close()))));
    expect(await rowsBelow(url, 'SELECT name FROM schema_migrations ORDER BY name')).toEqual(names.map((name) => ({ name })));
    for (const store of stores) expect(await store.queue.lease('l', 'somebody', 60_000)).toBe(true);
  });

  it('is brought up to date once, by whichever of several servers comes first', async () => {
    const url = await emptyDatabase();
    await (await openStore({ url }, systemClock)).close();
    await below(url, "DROP TABLE limits; DELETE FROM schema_migrations WHERE name = '0002-limits'");
    const stores = await Promise.all(Array.from({ length: 5 }, () => openStore({ url }, systemClock)));
    onTestFinished(async () => void (await Promise.all(stores.map((store) => store.close()))));
    expect(await rowsBelow(url, 'SELECT name FROM schema_migrations ORDER BY name')).toEqual(names.map((name) => ({ name })));
  });

  it('is waited for by a second server for as long as the first needs', async () => {
    const url = await emptyDatabase();
    const waiting = "SELECT 1 AS one FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'advisory' AND now() - query_start > '500 ms'";
    const store = await onPostgres(url, async (client) => {
      await client.query(`SELECT pg_advisory_lock(${schemaLock})`);
      const opening = openStore({ url, patience: { lock: 50 } }, systemClock);
      let failed: unknown = null;
      opening.catch((cause: unknown) => void (failed = cause));
      while (failed === null && (await rowsBelow(url, waiting)).length === 0) await pause(5);
      await client.query(`SELECT pg_advisory_unlock(${schemaLock})`);
      return opening;
    });
    onTestFinished(() => store.close());
    expect(await rowsBelow(url, 'SELECT name FROM schema_migrations ORDER BY name')).toEqual(names.map((name) => ({ name })));
  });

  it('of a newer Charter is refused, and left as it is', async () => {
    const url = await emptyDatabase();
    await (await openStore({ url }, systemClock)).close();
    await below(url, "INSERT INTO schema_migrations VALUES ('9999-from-the-future')");
    await expect(openStore({ url }, systemClock)).rejects.toMatchObject({
      code: 'STORE_UNUSABLE',
      facts: { reason: expect.stringContaining('newer version'), unknown: ['9999-from-the-future'] },
    });
  });

  it('is not made in a database of another program', async () => {
    const url = await emptyDatabase();
    await below(url, 'CREATE TABLE theirs (a text)');
    await expect(openStore({ url }, systemClock)).rejects.toMatchObject({ code: 'STORE_UNUSABLE' });
    expect(await rowsBelow(url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).toEqual([{ tablename: 'theirs' }]);
  });
});
