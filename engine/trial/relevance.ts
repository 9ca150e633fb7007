/** What of a record its rules look at: only that tells two states apart when a process is explored. */
import type { Program } from '../core/program.js';
import type { Json, JsonObject } from '../definitions/authored.js';

export interface Relevance {
  /** Fields of the record or of events on which guards, checks, clocks, approvals or invariants depend, also by way of others. */
  readonly fields: ReadonlySet<string>;
  /** Numbers that rules compare with, ascending. */
  readonly thresholds: readonly number[];
  /** Texts in rules, among them states of other records and values of signals. */
  readonly texts: ReadonlySet<string>;
  /** Fields by which tables and lists are looked up: each of their values may count. */
  readonly lookedUp: ReadonlySet<string>;
  /** State paths that invariants ask about the past. */
  readonly visited: ReadonlySet<string>;
  /** Whether it matters who acts. */
  readonly actors: boolean;
  /** Links whose records, or fields whose referenced records, rules look at. */
  readonly links: ReadonlySet<string>;
  readonly refs: ReadonlySet<string>;
}

const known = new WeakMap<Program, Relevance>();

export function relevanceOf(program: Program): Relevance {
  const found = known.get(program) ?? workOut(program);
  known.set(program, found);
  return found;
}

function workOut(program: Program): Relevance {
  const rules = program.files['rules.json'] ?? {};
  const { clocks, approvals } = program.process;
  const conditions = Object.values(clocks ?? {}).map(({ runs, pauses, stops }) => [runs, pauses, stops]);
  const deciding = seen([rules.guards, rules.checks, conditions, approvals, program.files['scenarios.json']?.invariants] as unknown as Json);
  const writing = seen([rules.values, rules.actions, rules.delays, program.files['statechart.json']] as unknown as Json);
  const fields = new Set(fieldsIn(deciding.paths));
  const assigned = assignments(program);
  for (let size = -1; size !== fields.size; ) {
    size = fields.size;
    for (const [field, source] of assigned) if (fields.has(field)) for (const read of fieldsIn(seen(source).paths)) fields.add(read);
  }
  const second = (root: string) => new Set(deciding.paths.flatMap((path) => (path.startsWith(`${root}.`) ? [path.split('.')[1] as string] : [])));
  return {
    fields,
    thresholds: [...new Set([...deciding.numbers, ...tableNumbers(program)])].sort((a, b) => a - b),
    texts: new Set([...deciding.texts, ...writing.texts]),
    lookedUp: new Set(fieldsIn([...deciding.lookedUp, ...writing.lookedUp])),
    visited: deciding.visited,
    actors: deciding.paths.some((path) => path.startsWith('actor.id')) || Object.keys(approvals ?? {}).length > 0 || namesSomebody(program),
    links: second('links'),
    refs: second('refs'),
  };
}

/** Fields named by `record.x` and `event.x`. */
function fieldsIn(paths: readonly string[]): readonly string[] {
  return paths.flatMap((path) => {
    const [root, field] = path.split('.');
    return (root === 'record' || root === 'event') && field !== undefined ? [field] : [];
  });
}

/** Every place that gives a field a value: computed fields and the action `set`. */
function assignments(program: Program): readonly (readonly [field: string, source: Json])[] {
  const found: (readonly [string, Json])[] = Object.entries(program.files['rules.json']?.values ?? {});
  const walk = (value: Json | undefined): void => {
    if (typeof value !== 'object' || value === null) return;
    if (!Array.isArray(value) && (value as JsonObject).type === 'set') found.push(...Object.entries(((value as JsonObject).params ?? {}) as JsonObject));
    Object.values(value).forEach(walk);
  };
  walk([program.files['statechart.json'], program.files['rules.json']?.actions ?? {}] as unknown as Json);
  return found;
}

function namesSomebody(program: Program): boolean {
  return program.kernel.transitions.some((transition) => (transition.meta.named ?? []).length > 0);
}

interface Seen {
  readonly paths: readonly string[];
  readonly numbers: ReadonlySet<number>;
  readonly texts: ReadonlySet<string>;
  readonly visited: ReadonlySet<string>;
  readonly lookedUp: readonly string[];
}

function seen(source: Json): Seen {
  const paths: string[] = [];
  const numbers = new Set<number>();
  const texts = new Set<string>();
  const visited = new Set<string>();
  const lookedUp: string[] = [];
  const walk = (value: Json | undefined): void => {
    if (typeof value === 'number') numbers.add(value);
    else if (typeof value === 'string') texts.add(value);
    else if (Array.isArray(value)) value.forEach(walk);
    else if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value as JsonObject)) {
        if (key === 'var') paths.push(String(Array.isArray(inner) ? inner[0] : inner));
        else if (key === 'missing') paths.push(...[inner as Json].flat().map(String));
        else if (key === 'visited') visited.add(String(Array.isArray(inner) ? inner[0] : inner));
        else if (key === 'table' || key === 'choice') {
          const within = seen(inner as Json);
          lookedUp.push(...within.paths);
          paths.push(...within.paths);
        } else if (key !== 'description' && key !== 'title' && key !== 'message') walk(inner);
      }
    }
  };
  walk(source);
  return { paths, numbers, texts, visited, lookedUp };
}

/** Bounds and values in the numeric columns of the tables a process comes with. */
function tableNumbers(program: Program): readonly number[] {
  const rules = JSON.stringify(program.files['rules.json'] ?? {});
  return Object.entries(program.policy).flatMap(([name, file]) => {
    if (file.kind !== 'table' || !rules.includes(JSON.stringify(name))) return [];
    return file.rows.flatMap((row) =>
      row.when.flatMap((cell) => {
        if (typeof cell === 'number') return [cell];
        if (typeof cell !== 'object' || cell === null || Array.isArray(cell)) return [];
        return Object.values(cell as JsonObject).filter((bound): bound is number => typeof bound === 'number');
      }),
    );
  });
}
