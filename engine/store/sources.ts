/** Where a store comes from, for what works beside it (`serverLock.ts`), without making it part of the store's contract. */
import { EngineError } from '../errors.js';
import type { Driver } from './driver/contract.js';
import type { Store } from './types.js';

export interface StoreSource {
  readonly file: string;
  readonly driver: Driver;
}

const sources = new WeakMap<Store, StoreSource>();

export function rememberSource(store: Store, source: StoreSource): void {
  sources.set(store, source);
}

/** Throws INTERNAL for a store that `openStore` did not make. */
export function sourceOf(store: Store): StoreSource {
  const source = sources.get(store);
  if (!source) {
    throw new EngineError('INTERNAL', { part: 'store', reason: 'The store was not made by openStore.' });
  }
  return source;
}
