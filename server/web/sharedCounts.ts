/** Where express-rate-limit counts: in the store, for all servers together. */
import type { ClientRateLimitInfo, Options, Store } from 'express-rate-limit';
import type { LimitStore } from '../../engine/index.js';

/** Addresses remembered as refused; beyond it the store is asked again. */
const REMEMBERED = 10_000;

export interface SharedCountOptions {
  /** Tells this limit from others. */
  readonly name: string;
  readonly limit: number;
  readonly wall: () => number;
}

/** Once an address has had enough it is not counted any further: a flood costs no writes. */
export function sharedCounts(limits: LimitStore, { name, limit, wall }: SharedCountOptions): Store {
  const refused = new Map<string, ClientRateLimitInfo & { readonly resetTime: Date }>();
  let windowMs = 0;
  const keyOf = (key: string): string => `${name}:${key}`;
  return {
    localKeys: false,
    init(options: Options) {
      windowMs = options.windowMs;
    },
    async increment(key) {
      const now = wall();
      const known = refused.get(key);
      if (known && known.resetTime.getTime() > now) return known;
      refused.delete(key);
      const { count, until } = await limits.count(keyOf(key), { now, ms: windowMs });
      const info = { totalHits: count, resetTime: new Date(until) };
      if (count > limit) {
        if (refused.size >= REMEMBERED) refused.clear();
        refused.set(key, info);
      }
      return info;
    },
    decrement: (key) => limits.uncount(keyOf(key)),
    async resetKey(key) {
      refused.delete(key);
      await limits.forget([keyOf(key)]);
    },
  };
}
