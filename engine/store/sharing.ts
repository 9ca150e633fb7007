/** What servers on one database share besides records. */

/** How often something was tried, counted for all servers together. Instants are the caller's. */
export interface LimitStore {
  /** Counts one more within a window of so many milliseconds that begins with the first. */
  count(key: string, window: { readonly now: number; readonly ms: number }): Promise<{ readonly count: number; readonly until: number }>;
  /** Takes one of them back; the window stays. */
  uncount(key: string): Promise<void>;
  /**
   * Counts a try unless an earlier one still has to be waited for; false: it has. From the try number `free` on each lets the next wait, a second
   * first and then twice as long each time, up to `longest` milliseconds.
   */
  attempt(key: string, brake: { readonly now: number; readonly free: number; readonly longest: number }): Promise<boolean>;
  /** Until when a try of any of these must wait; 0: none has to. */
  waitUntil(keys: readonly string[]): Promise<number>;
  /** Takes back one try of each, and half of what it made the next one wait. */
  takeBack(keys: readonly string[]): Promise<void>;
  /** What was counted of these, and what was tried. */
  forget(keys: readonly string[]): Promise<void>;
}

/** What one server at a time may do. */
export interface LeaseStore {
  /** Takes or extends a named lease for so many milliseconds by the clock of the database; false when another holder has it. */
  lease(name: string, holder: string, ms: number): Promise<boolean>;
  releaseLease(name: string, holder: string): Promise<void>;
  /**
   * Does what only one server at a time may do, and gives what came of it; null: another server is doing it. The lease is extended while the work goes
   * on; `ms` is how long others wait when its server dies meanwhile.
   */
  withLease<T>(name: string, ms: number, work: () => Promise<T>): Promise<T | null>;
}

/** How many more effects a server can begin. What it can not begin it leaves to others. */
export interface EffectRoom {
  /** Keys of what it has begun already. */
  readonly begun: readonly string[];
  /** By target; to any other as many as wished. */
  readonly places: Readonly<Record<string, number>>;
  readonly elsewhere: number;
}

/** What other servers told that they did; they may have done more. */
export interface News {
  readonly definitions: boolean;
  /** Users, their roles, teams. */
  readonly people: boolean;
  /** Something is to be done now: an effect, a timer. */
  readonly due: boolean;
  /** Of which records changed; null: perhaps of any. */
  readonly processes: readonly string[] | null;
}
