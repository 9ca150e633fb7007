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
  /** Notes what the store holds; what is known to be newer stays. */
  loaded(state: RecordState): void;
  forget(id: string): void;
}

/** Decided states of a record that are being committed. Once one fails, those decided on it will fail too. */
interface Flight {
  count: number;
}

export function createLatest(size: number): Latest {
  const states = new Map<string, RecordState>();
  const flights = new Map<string, Flight>();
  const numbers = new Map<string, string>();
  const keep = (state: RecordState): void => {
    states.delete(state.id);
    states.set(state.id, state);
    numbers.set(state.number, state.id);
    for (const [id, old] of states) {
      if (states.size <= size) break;
      if (flights.has(id)) continue;
      states.delete(id);
      numbers.delete(old.number);
    }
  };
  return {
    get: (id) => states.get(id),
    pending: (id) => flights.has(id),
    idOf: (number) => numbers.get(number),
    decided(state) {
      keep(state);
      const flight = flights.get(state.id) ?? { count: 0 };
      flight.count += 1;
      flights.set(state.id, flight);
      return (succeeded) => {
        flight.count -= 1;
        // Another flight means that this one has failed already: what is known now came from the store since.
        if (flights.get(state.id) !== flight) return;
        if (!succeeded) states.delete(state.id);
        if (!succeeded || flight.count === 0) flights.delete(state.id);
      };
    },
    loaded(state) {
      const known = states.get(state.id);
      if (!known || known.version < state.version) keep(state);
    },
    forget: (id) => void (flights.has(id) || states.delete(id)),
  };
}
