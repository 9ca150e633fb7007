/** How long PostgreSQL is waited for, in milliseconds. */
export interface Patience {
  /** For a connection, and for what takes no time on one. */
  readonly connect: number;
  /** How often a statement that takes long is asked after (`inquiry.ts`). */
  readonly doubt: number;
  /** For what another writer holds. */
  readonly lock: number;
  /** For a replica to answer, and at first for how long one that does not is left alone. */
  readonly replica: number;
  /** For the database to come back, before those who wait to write are told. */
  readonly regain: number;
  /** As long, for those who read. */
  readonly reread: number;
  /** Between two tries of a connection that only listens: one that was cut without a word looks the same. */
  readonly silence: number;
}

const usual: Patience = { connect: 5_000, doubt: 5_000, lock: 30_000, replica: 2_000, regain: 30_000, reread: 5_000, silence: 15_000 };

export const patienceOf = (given: Partial<Patience> = {}): Patience => ({ ...usual, ...given });
