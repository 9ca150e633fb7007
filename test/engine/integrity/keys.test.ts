import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { changeKey, createEngine, createManualClock, type EngineOptions, type RunningEngine } from '../../../engine/index.js';
import { copyShippedStore, MONDAY } from '../../shippedStore.js';
import { below, rowsBelow } from '../../databases.js';

const [FIRST, SECOND, THIRD] = ['first', 'second', 'third'].map((word) => `the ${word} secret of a database, long enough`) as [string, string, string];

let options: Omit<EngineOptions, 'secretKey'>;
beforeEach(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'charter-keys-'));
  const { processesDir, rulesDir, url, drop } = await copyShippedStore(join(folder, 'charter.sqlite'), ['incident', 'service']);
  options = { databaseUrl: url, dataDir: folder, processesDir, rulesDir, clock: createManualClock(MONDAY) };
  onTestFinished(async () => {
    await drop();
    rmSync(folder, { recursive: true, force: true });
  });
});

async function within<T>(secretKey: string, work: (engine: RunningEngine) => Promise<T>): Promise<T> {
  const engine = await createEngine({ ...options, secretKey });
  return work(engine).finally(() => engine.close());
}

const verified = (secretKey: string) =>
  within(secretKey, async (engine) => {
    const { problems, warnings } = await engine.verify();
    return { problems: problems.map(({ message }) => message), warnings: warnings.map(({ message }) => message) };
  });
const clean = { problems: [], warnings: [] };
const seal = (secretKey: string) => within(secretKey, (engine) => engine.checkpoint());
const change = (secret: string, before: string | null): Promise<number> => changeKey({ databaseUrl: options.databaseUrl, secret, before });
const refused = { code: 'KEY_DIFFERS' };

describe('the secret key of a database', () => {
  it('is that of the first server, and whoever comes with another is refused', async () => {
    await within(FIRST, (engine) => engine.keepKey());
    await within(FIRST, (engine) => engine.keepKey());
    await expect(within(SECOND, async () => undefined)).rejects.toMatchObject(refused);
  });

  it('is decided between two servers that start at once with different ones', async () => {
    await within(FIRST, (one) =>
      within(SECOND, async (two) => {
        const ends = await Promise.allSettled([one.keepKey(), two.keepKey()]);
        expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      }),
    );
  });

  it('is known in a database of an earlier version by the checkpoints it signed', async () => {
    await seal(FIRST);
    await expect(within(SECOND, async () => undefined)).rejects.toMatchObject(refused);
    await within(FIRST, (engine) => engine.keepKey());
  });

  it('does not stand in the database, in no form from which it follows', async () => {
    await within(FIRST, (engine) => engine.keepKey());
    const rows = await rowsBelow<{ key: string; value: string }>(options.databaseUrl, 'SELECT key, value FROM meta');
    const row = rows.find(({ key }) => key === 'signing-key');
    expect(JSON.parse(row?.value ?? '')).toEqual({ publicKey: expect.stringMatching(/^MCowBQYDK2VwAyEA/u), before: [], signature: expect.any(String) });
    expect(JSON.stringify(rows)).not.toContain(FIRST);
  });

  it('is refused when what the database says of it was altered', async () => {
    await within(FIRST, (engine) => engine.keepKey());
    await below(options.databaseUrl, "UPDATE meta SET value = '{}' WHERE key = 'signing-key'");
    await expect(within(FIRST, async () => undefined)).rejects.toMatchObject(refused);
  });
});

describe('a change of the key', () => {
  beforeEach(async () => {
    await within(FIRST, (engine) => engine.keepKey());
    await seal(FIRST);
  });

  it('lets only the new one in, which vouches for the checkpoints of all before it', async () => {
    expect(await change(SECOND, FIRST)).toBe(1);
    await expect(within(FIRST, async () => undefined)).rejects.toMatchObject(refused);
    await seal(SECOND);
    expect(await change(THIRD, SECOND)).toBe(2);
    await seal(THIRD);
    expect(await verified(THIRD)).toEqual(clean);
  });

  it('needs the one until now, and leaves everything as it is when another is given', async () => {
    await expect(change(THIRD, SECOND)).rejects.toMatchObject(refused);
    expect(await verified(FIRST)).toEqual(clean);
  });

  it('is not made over a checkpoint that does not verify', async () => {
    await below(options.databaseUrl, 'INSERT INTO checkpoints SELECT 2, at, records, entries, root, signature, public_key, heads FROM checkpoints');
    await expect(change(SECOND, FIRST)).rejects.toMatchObject({ code: 'HISTORY_DAMAGED', facts: { checkpoint: 2 } });
  });

  it('without the one until now takes its checkpoints as they stand, and verification says so of each', async () => {
    expect(await change(SECOND, null)).toBe(1);
    await seal(SECOND);
    expect(await verified(SECOND)).toEqual({
      problems: [],
      warnings: ['Checkpoint 1: The key that signed it was lost, so it is taken as it stood when the key was changed.'],
    });
  });

  it('lets nobody sign with a key of before afterwards', async () => {
    await within(FIRST, async (still) => {
      // On SQLite a server would have hindered the change; this one began before it and holds no lock.
      await change(SECOND, FIRST);
      await expect(still.checkpoint()).rejects.toMatchObject(refused);
    });
    await below(options.databaseUrl, "UPDATE meta SET value = replace(value, '\"upTo\":1', '\"upTo\":9') WHERE key = 'signing-key'");
    expect((await verified(SECOND)).problems).toEqual(['Checkpoint 1: It was signed with another key than this installation’s.']);
  });
});
