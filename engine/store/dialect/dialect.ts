/** Everything in which SQLite and PostgreSQL differ where SQL is built. How each writes a step is in `sqliteWrite.ts` and `../postgres/write.ts`. */

export interface Dialect {
  readonly name: 'sqlite' | 'postgres';
  /** Begins a transaction that will write. */
  readonly begin: string;
  /** A failed statement ends its transaction unless it stands behind a savepoint. */
  readonly failureEndsTransaction: boolean;
  /** The clock of the database, which all servers share: milliseconds since the epoch. */
  readonly now: string;
  /** Ends the claim of a server on a timer or effect, as part of an UPDATE; empty where nothing is claimed. */
  readonly unclaimed: string;
  /** Makes the planner walk this index and no other; `null`: the table's own key. Without statistics SQLite guesses, and guesses differ. */
  indexed(index: string | null): string;
  /** Condition: the record's row is found by full text; one parameter, from `match`. */
  readonly found: string;
  /** How many full text finds, up to a limit; two parameters. */
  readonly foundCount: string;
  /** All of the words, the last one as the beginning of a word. Words hold letters and digits only. */
  match(words: readonly string[]): string;
  /** A table `(value)` out of one parameter, a JSON list of texts. */
  readonly listed: string;
  /** A table `(value)` out of the column `heads`, a JSON list of lists. */
  readonly headsListed: string;
  /** Joins the values `v` to their history entry `h`. */
  readonly valuesOfEntry: string;
  /** Puts other values to an entry; parameters: values, record, sequence. */
  readonly replaceValues: string;
}
