/**
 * The newest known state of records: decided ones that are still being committed, and recently used ones. Always checked
 * by the version in the store's update, so a stale entry costs a second decision and never a wrong one.
 */
import type { RecordState } from '../types.js';

export interface Latest {
  get(id: string): RecordState | undefined;
  /** True while a decided state of the record is not yet durable. */
  pending(id: string): boolean;
  idOf(number: string): string | undefined;
  /** Notes a decided state; call the result when its commit ended, with whether it succeeded. */
  decided(state: RecordState): (succeeded: boolean) => void;
  loaded(state: RecordState): void;
  forget(id: string): void;
}

export function createLatest(size: number): Latest {
  const states = new Map<string, RecordState>();
  const inFlight = new Map<string, number>();
  const numbers = new Map<string, string>();
  const keep = (state: RecordState): void => {
    states.delete(state.id);
    states.set(state.id, state);
    numbers.set(state.number, state.id);
    for (const [id, old] of states) {
      if (states.size <= size) break;
      if (inFlight.has(id)) continue;
      states.delete(id);
      numbers.delete(old.number);
    }
  };
  return {
    get: (id) => states.get(id),
    pending: (id) => inFlight.has(id),
    idOf: (number) => numbers.get(number),
    decided(state) {
      keep(state);
      inFlight.set(state.id, (inFlight.get(state.id) ?? 0) + 1);
      return (succeeded) => {
        const left = (inFlight.get(state.id) ?? 1) - 1;
        if (left === 0) inFlight.delete(state.id);
        else inFlight.set(state.id, left);
        if (!succeeded) states.delete(state.id);
      };
    },
    loaded(state) {
      const known = states.get(state.id);
      if (!known || (!inFlight.has(state.id) && known.version !== state.version)) keep(state);
    },
    forget: (id) => void (inFlight.has(id) || states.delete(id)),
  };
}
