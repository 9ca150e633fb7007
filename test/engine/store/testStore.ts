/** A real store of its own, for any test. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, createManualClock } from '../../../engine/clock.js';
import { openStore } from '../../../engine/store/index.js';
import type { Store, StoreOptions } from '../../../engine/store/types.js';
import { newDatabase } from '../../databases.js';

export interface TestStore {
  readonly store: Store;
  readonly folder: string;
  /** Where it lies if it is a file. */
  readonly file: string;
  readonly url: string;
  readonly clock: Clock;
  /** Another store on the same database, as another part of the program or another program would have it. Close it yourself. */
  again(options?: Partial<StoreOptions>): Promise<Store>;
  /** Closes the store and removes what it kept. */
  drop(): Promise<void>;
}

export interface TestStoreOptions extends Partial<StoreOptions> {
  /** Default: a manual clock at 2026-03-02T09:00:00Z. */
  readonly clock?: Clock;
}

/** Opens an empty store. Call `drop` when the test ends. */
export async function createTestStore({ clock = createManualClock(Date.UTC(2026, 2, 2, 9)), ...options }: TestStoreOptions = {}): Promise<TestStore> {
  const folder = mkdtempSync(join(tmpdir(), 'charter-store-'));
  const file = join(folder, 'charter.sqlite');
  const database = await newDatabase(file);
  const { url } = database;
  const store = await openStore({ url, ...options }, clock);
  return {
    store,
    folder,
    file,
    url,
    clock,
    again: (other = {}) => openStore({ url, ...options, ...other }, clock),
    async drop() {
      await store.close();
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
