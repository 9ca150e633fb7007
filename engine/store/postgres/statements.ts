/**
 * Which statements PostgreSQL keeps prepared, by name. It keeps every one that it was given a name for, on each connection, and lists have many
 * shapes: so who asks often gets the names.
 */

export interface Numbered {
  readonly text: string;
  /** Null: not kept. */
  readonly name: string | null;
}

/** `?` becomes `$1`, `$2`, …: no text of ours has a question mark of its own. */
export type Statements = (sql: string) => Numbered;

/** Names at most. */
const mostNames = 200;
/** Statements that are counted at most; then counting begins anew. */
const mostCounted = 2_000;

/** A plan that is kept is one for any record, and locks the partitions of all months, also of one whose files are being moved. */
const plannedAnew = /\bFROM history\b/;

let made = 0;

/** Names a statement when it comes for the `from`th time. Names differ from those of others, for a connection may serve one after the other. */
export function createStatements(from: number): Statements {
  const mine = (made += 1);
  const named = new Map<string, Numbered>();
  const counted = new Map<string, number>();

  /** Whether it is to have a name from now on. */
  function comesOften(sql: string): boolean {
    if (named.size >= mostNames || plannedAnew.test(sql)) {
      return false;
    }
    const times = (counted.get(sql) ?? 0) + 1;
    if (counted.size >= mostCounted) {
      counted.clear();
    }
    counted.set(sql, times);
    return times >= from;
  }
  return (sql) => {
    const known = named.get(sql);
    if (known) {
      return known;
    }
    let place = 0;
    const text = sql.replace(/\?/g, () => `$${(place += 1)}`);
    if (!comesOften(sql)) {
      return { text, name: null };
    }
    const numbered = { text, name: `charter_${mine}_${named.size}` };
    named.set(sql, numbered);
    counted.delete(sql);
    return numbered;
  };
}
