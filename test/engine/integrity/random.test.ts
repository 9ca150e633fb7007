/** RISKS.md, F10: whatever is done to the rows, at random, is found and named. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { VerifyProblem } from '../../../engine/engine.js';
import { type Intruder, intrude, type Row } from './intruder.js';
import { createRandom, type Random } from './random.js';
import { incidentWorld, type World } from './world.js';

const SEED = Number(process.env.CHARTER_SEED ?? 20_260_302);
const ROUNDS = Number(process.env.CHARTER_ROUNDS ?? 260);

let world: World;
let intruder: Intruder;
let history: readonly Row[];

beforeAll(async () => {
  world = await incidentWorld();
  await world.engine.checkpoint();
  await world.engine.checkpoint();
  intruder = await intrude(world.database);
  history = await intruder.all('SELECT * FROM history ORDER BY record, sequence');
});
afterAll(async () => {
  await intruder.close();
  await world.close();
});

/** What was done, in words, and which problem names it. */
interface Deed {
  readonly words: string;
  readonly names: (problem: VerifyProblem) => boolean;
}

type Manipulation = (random: Random) => Promise<Deed>;

function otherCharacter(text: string, random: Random): string {
  const place = random.below(text.length);
  const fresh = 'abcdefghijklmnopqrstuvwxyz0123456789{}[]",: '.replace(text[place] ?? '', '');
  return text.slice(0, place) + fresh[random.below(fresh.length)] + text.slice(place + 1);
}

const altered = (value: string | number | null | undefined, random: Random): string | number =>
  typeof value === 'number' ? value + 1 + random.below(1000) : typeof value === 'string' && value !== '' ? otherCharacter(value, random) : 'x';

/** The place itself, or the entry after it, whose link to it is broken. */
const at = (row: Row) => (problem: VerifyProblem) => problem.record === row.record && Math.abs((problem.sequence ?? Number.NaN) - Number(row.sequence)) <= 1;
const of = (record: unknown) => (problem: VerifyProblem) => problem.record === record;
const rowsOf = (record: unknown) => history.filter((row) => row.record === record);

async function alterCell(table: string, key: string, random: Random, columns: readonly string[]): Promise<{ row: Row; column: string }> {
  const row = random.pick(await intruder.all(`SELECT * FROM ${table}`));
  const column = random.pick(columns);
  await intruder.run(`UPDATE ${table} SET ${column} = ? WHERE ${key} = ?`, [altered(row[column], random), row[key] ?? null]);
  return { row, column };
}

const manipulations: { readonly [name: string]: Manipulation } = {
  async entryCell(random) {
    const { row, column } = await alterCell('history', 'key', random, [
      'text',
      'text',
      'text',
      'hash',
      'previous_hash',
      'at',
      'recorded_at',
      'actor',
      'on_behalf_of',
      'origin',
      'event',
      'process',
      'definition',
      'reference',
    ]);
    return { words: `${column} of ${row.record} ${row.sequence}`, names: at(row) };
  },
  async entryPlace(random) {
    const row = random.pick(history);
    await intruder.run('UPDATE history SET sequence = sequence + ? WHERE key = ?', [1 + random.below(50), row.key ?? null]);
    return { words: `sequence of ${row.record} ${row.sequence}`, names: of(row.record) };
  },
  async value(random) {
    const { row } = await alterCell('history_values', 'entry', random, ['content']);
    const entry = history.find(({ key }) => key === row.entry) as Row;
    return { words: `values of ${entry.record} ${entry.sequence}`, names: at(entry) };
  },
  async valueGone(random) {
    const rows = await intruder.all("SELECT * FROM history_values WHERE content <> '{}'");
    const row = random.pick(rows);
    const entry = history.find(({ key }) => key === row.entry) as Row;
    const content = JSON.parse(String(row.content)) as Record<string, unknown>;
    const path = random.pick(Object.keys(content));
    delete content[path];
    await intruder.run('UPDATE history_values SET content = ? WHERE entry = ?', [JSON.stringify(content), row.entry ?? null]);
    return { words: `removed ${path} of ${entry.record} ${entry.sequence}`, names: at(entry) };
  },
  async deletion(random) {
    const row = random.pick(history);
    await intruder.run('DELETE FROM history WHERE key = ?', [row.key ?? null]);
    return { words: `deleted ${row.record} ${row.sequence}`, names: at(row) };
  },
  async swap(random) {
    const one = random.pick(history.filter((row) => rowsOf(row.record).length > 1));
    const other = random.pick(rowsOf(one.record).filter((row) => row !== one));
    for (const [from, to] of [
      [one, other],
      [other, one],
    ] as const)
      await intruder.run('UPDATE history SET sequence = ? WHERE key = ?', [to.sequence ?? null, from.key ?? null]);
    return { words: `swapped ${one.record} ${one.sequence} and ${other.sequence}`, names: at(one) };
  },
  async insertion(random) {
    const [row, place] = [random.pick(history), random.pick(history)];
    await intruder.run('UPDATE history SET sequence = sequence + 1 WHERE record = ? AND sequence >= ?', [place.record ?? null, place.sequence ?? null]);
    const columns = 'at, recorded_at, actor, on_behalf_of, origin, event, process, definition, reference, text, hash, previous_hash';
    await intruder.run(`INSERT INTO history (record, sequence, ${columns}) SELECT ?, ?, ${columns} FROM history WHERE key = ?`, [
      place.record ?? null,
      place.sequence ?? null,
      row.key ?? null,
    ]);
    return { words: `inserted into ${place.record} at ${place.sequence}`, names: at(place) };
  },
  async cut(random) {
    const row = random.pick(history);
    await intruder.run('DELETE FROM history WHERE record = ? AND sequence >= ?', [row.record ?? null, row.sequence ?? null]);
    return { words: `cut ${row.record} from ${row.sequence}`, names: of(row.record) };
  },
  async rehash(random) {
    const row = random.pick(history);
    await intruder.rehash(
      String(row.record),
      Number(row.sequence),
      (text) => void Object.assign(text, { recordedAt: Number(text.recordedAt) + 1 + random.below(1000) }),
    );
    return {
      words: `made ${row.record} again from ${row.sequence}`,
      names: (problem) => problem.kind === 'checkpoint' && problem.record === row.record,
    };
  },
  async removal(random) {
    const { record } = random.pick(history);
    for (const [table, column] of [
      ['history', 'record'],
      ['records', 'id'],
      ['comments', 'record'],
      ['attachments', 'record'],
    ])
      await intruder.run(`DELETE FROM ${table} WHERE ${column} = ?`, [record ?? null]);
    return { words: `removed ${record}`, names: (problem) => problem.kind === 'checkpoint' && problem.record === record };
  },
  async record(random) {
    const columns = [
      'state',
      'state',
      'state',
      'id',
      'number',
      'number_key',
      'process',
      'definition',
      'version',
      'status',
      'importing',
      'head',
      'paths',
      'title',
      'title_key',
      'assignee',
      'team',
      'priority',
      'requester',
      'service',
      'due',
      'created_at',
      'updated_at',
    ];
    const { row, column } = await alterCell(
      'records',
      'key',
      random,
      columns.filter((name) => name !== 'due'),
    );
    return { words: `${column} of the row of ${row.id}`, names: of(row.id) };
  },
  async beside(random) {
    const [table, columns] = random.pick([
      ['comments', ['sequence', 'author', 'at', 'text', 'id']],
      ['attachments', ['sequence', 'author', 'at', 'name', 'type', 'size', 'sha256', 'id']],
    ] as const);
    const { row, column } = await alterCell(table, 'id', random, columns);
    return { words: `${column} of ${table} of ${row.record}`, names: of(row.record) };
  },
  async seal(random) {
    const { row, column } = await alterCell('checkpoints', 'sequence', random, [
      'sequence',
      'at',
      'records',
      'entries',
      'root',
      'signature',
      'public_key',
      'heads',
    ]);
    return { words: `${column} of checkpoint ${row.sequence}`, names: ({ kind }) => kind === 'checkpoint' };
  },
};

it(`finds and names ${ROUNDS} random manipulations (seed ${SEED})`, { timeout: 300_000 }, async () => {
  expect((await world.engine.verify()).problems).toEqual([]);
  const random = createRandom(SEED);
  const names = Object.keys(manipulations);
  const missed: string[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const name = names[round % names.length] as string;
    const deed = await (manipulations[name] as Manipulation)(random);
    const { problems } = await world.engine.verify();
    if (!problems.some(deed.names)) missed.push(`${name}: ${deed.words}; found ${JSON.stringify(problems.slice(0, 3))}`);
    await intruder.undo();
  }
  expect(missed).toEqual([]);
  expect((await world.engine.verify()).problems).toEqual([]);
});
