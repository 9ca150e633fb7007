/** The arguments of the write function: tables turned on their side, an array for each column. */

interface Column {
  readonly name: string;
  readonly type: 'text' | 'bigint';
  /** Long texts travel as parameters of their own: inside an array every quote of their JSON would have to be escaped. */
  readonly long?: true;
}

const text = (...names: string[]): Column[] => names.map((name) => ({ name, type: 'text' }));
const whole = (...names: string[]): Column[] => names.map((name) => ({ name, type: 'bigint' }));
const long = (...names: string[]): Column[] => names.map((name) => ({ name, type: 'text', long: true }));

/** Records, each as the batch leaves it; `expected` and `previous` say what it must find. */
const recordColumns: readonly Column[] = [...text('id', 'previous', 'head', 'paths'), ...whole('expected', 'version', 'updated_at', 'due'), ...long('state')];

/** What lists show of those records where a step made or changed it. */
const listedColumns: readonly Column[] = [
  ...text('id', 'number', 'number_key', 'process', 'definition', 'status', 'title', 'title_key', 'assignee', 'team', 'priority', 'requester', 'service'),
  ...whole('expected', 'importing', 'created_at'),
];

const entryColumns: readonly Column[] = [
  ...text('record', 'actor', 'on_behalf_of', 'origin', 'event', 'process', 'definition', 'reference', 'hash', 'previous_hash'),
  ...whole('sequence', 'at', 'recorded_at'),
  ...long('text', 'content'),
];

/** Records whose timers are written anew, and the keys of those they keep or get, as an array. */
const timedColumns: readonly Column[] = text('record', 'keys');
const timerColumns: readonly Column[] = [...text('record', 'key', 'kind', 'event', 'data'), ...whole('due_at', 'held')];
const outboxColumns: readonly Column[] = [...text('key', 'record', 'target', 'effect'), ...whole('sequence', 'created_at')];
/** Records that were only looked at, and the version they must still have. */
const checkColumns: readonly Column[] = [...text('record'), ...whole('version')];

/** What is searched for a record. */
const searchColumns: readonly Column[] = text('record', 'words');

/** By the prefix that the function's arguments have. */
export const groups = {
  r: recordColumns,
  l: listedColumns,
  e: entryColumns,
  d: timedColumns,
  t: timerColumns,
  o: outboxColumns,
  k: checkColumns,
  s: searchColumns,
} as const;
export type Group = keyof typeof groups;

type Value = string | number | null;

/** Rows of one group, kept by column. */
export class Table {
  readonly #columns: readonly Column[];
  readonly #values: Value[][];

  constructor(group: Group) {
    this.#columns = groups[group];
    this.#values = this.#columns.map(() => []);
  }

  get size(): number {
    return this.#values[0]?.length ?? 0;
  }

  /** Adds a row, or puts another in its place. */
  put(row: Readonly<Record<string, Value>>, place = this.size): void {
    this.#columns.forEach(({ name }, index) => {
      (this.#values[index] as Value[])[place] = row[name] ?? null;
    });
  }

  /** Parameters of the call; long columns are filled up to `width`. */
  params(width: number): (string | null)[] {
    return this.#columns.flatMap(({ long: isLong }, index) => {
      const column = this.#values[index] ?? [];
      return isLong ? Array.from({ length: width }, (_, place) => column[place]?.toString() ?? null) : [arrayText(column)];
    });
  }
}

/** PostgreSQL's way to write an array. */
export function arrayText(values: readonly Value[]): string {
  return `{${values.map((value) => (typeof value === 'string' ? quoted(value) : (value ?? 'NULL'))).join(',')}}`;
}

const quoted = (value: string): string => `"${value.includes('"') || value.includes('\\') ? value.replace(/["\\]/g, '\\$&') : value}"`;

/** How the call names a group's parameters. */
export function placeholders(group: Group, width: number): string {
  return groups[group]
    .map(({ type, long: isLong }) => (isLong ? `CAST(ARRAY[${Array(width).fill('?').join(',')}] AS text[])` : `CAST(? AS ${type}[])`))
    .join(', ');
}

/** `r_id text[], …` */
export const declared = (group: Group): string => groups[group].map(({ name, type }) => `${group}_${name} ${type}[]`).join(', ');

/**
 * The group as a table inside the function. Arrays are read by place: `unnest` over all of them would make a table of each, whichever columns
 * a statement asks for.
 */
export function unnested(group: Group): string {
  const names = groups[group].map(({ name }) => name);
  return `(SELECT ${names.map((name) => `${group}_${name}[i] AS ${name}`).join(', ')} FROM generate_series(1, cardinality(${group}_${names[0]})) AS i) AS x`;
}
