/** Which replicas are worth asking. */

export interface Standings {
  /** Whether it is left alone at the moment. */
  readonly away: (replica: string) => boolean;
  /** Whether to connect to it now. One that was gone is tried by one caller at a time. */
  mayTry(replica: string): boolean;
  /** A connection to it was opened. */
  answered(replica: string): void;
  /** It did not answer: it is left alone, each time for twice as long. */
  gone(replica: string): void;
  /** It answers, and has not seen what is to be read. */
  behind(replica: string): void;
}

/** How often the time doubles at most. */
const doublings = 6;

interface Standing {
  readonly failures: number;
  readonly until: number;
}

/** `first`: how long one is left alone that was there before, in milliseconds. */
export function createStandings(first: number, now: () => number): Standings {
  const known = new Map<string, Standing>();
  const away = (replica: string): boolean => now() < (known.get(replica)?.until ?? 0);
  const leave = (replica: string, failures: number): void => {
    known.set(replica, { failures, until: now() + first * 2 ** Math.min(Math.max(failures - 1, 0), doublings) });
  };
  return {
    away,
    mayTry(replica) {
      if (away(replica)) {
        return false;
      }
      const failures = known.get(replica)?.failures ?? 0;
      if (failures > 0) {
        leave(replica, failures);
      }
      return true;
    },
    answered: (replica) => void known.delete(replica),
    gone: (replica) => leave(replica, (known.get(replica)?.failures ?? 0) + 1),
    behind: (replica) => leave(replica, 0),
  };
}
