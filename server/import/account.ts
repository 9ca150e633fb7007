/** The account of an import: every row read is applied, unchanged or refused, and every refusal has a kind. */

export interface Kind {
  readonly kind: string;
  readonly count: number;
  /** The first that was met: file line, case and reason. */
  readonly example: string;
}

export interface AccountFigures {
  readonly rowsRead: number;
  /** Records made by this run. */
  readonly records: number;
  /** Steps taken by this run, creations and endings included. */
  readonly steps: number;
  /** Rows that changed nothing: what they say was there already. */
  readonly unchanged: number;
  readonly refused: readonly Kind[];
  /** Rows that were taken, but not quite as they stand: instants put in order. */
  readonly adjusted: readonly Kind[];
  readonly cases: number;
  /** Cases of which no row was refused. */
  readonly whole: number;
  readonly rowsApplied: number;
  readonly rowsRefused: number;
}

export interface RefusedRow {
  readonly line: number;
  readonly case: string;
  readonly kind: string;
  readonly event: string;
  readonly reason: string;
}

export interface Account {
  row(outcome: 'applied' | 'unchanged' | 'refused'): void;
  step(): void;
  created(): void;
  caseDone(whole: boolean): void;
  refuse(row: RefusedRow): void;
  adjust(row: Omit<RefusedRow, 'event'>): void;
  figures(): AccountFigures;
}

/** Kinds counted one by one; a file made to have more of them is counted on under one name. */
const MOST_KINDS = 500;

/** `onRefused` is told of every refusal, for the file of all of them. */
export function createAccount(onRefused: (row: RefusedRow) => void = () => {}): Account {
  const counts = { rowsRead: 0, rowsApplied: 0, rowsRefused: 0, unchanged: 0, steps: 0, records: 0, cases: 0, whole: 0 };
  const refused = createKinds();
  const adjusted = createKinds();
  const byOutcome = { applied: 'rowsApplied', unchanged: 'unchanged', refused: 'rowsRefused' } as const;
  return {
    row(outcome) {
      counts.rowsRead += 1;
      counts[byOutcome[outcome]] += 1;
    },
    step: () => void (counts.steps += 1),
    created: () => void (counts.records += 1),
    caseDone(whole) {
      counts.cases += 1;
      if (whole) counts.whole += 1;
    },
    refuse(row) {
      refused.add(row);
      onRefused(row);
    },
    adjust: (row) => adjusted.add(row),
    figures: () => ({ ...counts, refused: refused.list(), adjusted: adjusted.list() }),
  };
}

function createKinds(): { add(row: Omit<RefusedRow, 'event'>): void; list(): readonly Kind[] } {
  const kinds = new Map<string, { count: number; example: string }>();
  return {
    add(row) {
      const kind = kinds.has(row.kind) || kinds.size < MOST_KINDS ? row.kind : 'further kinds';
      const known = kinds.get(kind) ?? { count: 0, example: `line ${row.line}, ${row.case}: ${row.reason}` };
      kinds.set(kind, { count: known.count + 1, example: known.example });
    },
    list: () => [...kinds].map(([kind, { count, example }]) => ({ kind, count, example })).sort((a, b) => b.count - a.count || (a.kind < b.kind ? -1 : 1)),
  };
}
