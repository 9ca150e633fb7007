/** Checkpoints, what they seal, and what is remembered of it. */

import type { Connection } from '../connection.js';
import type { Reader } from '../database.js';
import type { Dialect } from '../dialect/dialect.js';
import type { SqlValue } from '../driver/contract.js';
import type { ChainEnd, CheckpointRow, CheckpointSeal, HistoryStore, SealableEnd } from '../types.js';
import type { Writer } from '../writing/writer.js';

interface CheckpointSources {
  readonly reader: Reader;
  readonly lists: Reader;
  readonly writer: Writer;
  readonly dialect: Dialect;
}

type Checkpoints = Pick<HistoryStore, 'chainEnds' | 'hashesAt' | 'checkpoints' | 'checkpoint' | 'newestCheckpoint' | 'sealable' | 'addCheckpoint'>;

const usualBatch = 500;
const sealingBatch = 1_000;
/** Characters of a head that are remembered: enough to tell that it is another one. */
const remembered = 16;
const seal = 'sequence, at, records, entries, root, signature, public_key AS "publicKey"';

export function createCheckpoints({ reader, lists, writer, dialect }: CheckpointSources): Checkpoints {
  return {
    chainEnds: ({ batch = usualBatch }) => chainEnds(lists, batch),
    async hashesAt(places) {
      if (places.length === 0) return [];
      // Not from a replica: what a checkpoint seals may not have reached it.
      return reader.all<ChainEnd>(
        `WITH places (record, sequence) AS (VALUES ${places.map(() => '(CAST(? AS text), CAST(? AS bigint))').join(', ')})
         SELECT h.record, h.sequence, h.hash FROM places p CROSS JOIN history h WHERE h.record = p.record AND h.sequence = p.sequence`,
        places.flatMap(({ record, sequence }) => [record, sequence]),
      );
    },
    checkpoints: () => reader.all<CheckpointSeal>(`SELECT ${seal} FROM checkpoints ORDER BY sequence`),
    async checkpoint(sequence) {
      return (await reader.all<CheckpointRow>(`SELECT ${seal}, heads FROM checkpoints WHERE sequence = ?`, [sequence]))[0] ?? null;
    },
    async newestCheckpoint() {
      return (await reader.all<CheckpointSeal>(`SELECT ${seal} FROM checkpoints ORDER BY sequence DESC LIMIT 1`))[0] ?? null;
    },
    sealable: ({ anew, batch = sealingBatch }) => sealable(reader, { anew, batch }),
    addCheckpoint: (row, { anew } = { anew: false }) => writer.transact((connection) => addCheckpoint(connection, dialect, { row, anew })),
  };
}

async function addCheckpoint(connection: Connection, dialect: Dialect, { row, anew }: { row: CheckpointRow; anew: boolean }): Promise<void> {
  await connection.run('INSERT INTO checkpoints (sequence, at, records, entries, root, signature, public_key, heads) VALUES (?, ?, ?, ?, ?, ?, ?, ?)', [
    row.sequence,
    row.at,
    row.records,
    row.entries,
    row.root,
    row.signature,
    row.publicKey,
    row.heads,
  ]);
  if (anew) await connection.run('DELETE FROM sealed_heads');
  await connection.run(
    `INSERT INTO sealed_heads (record, head) SELECT value ->> 0, substr(value ->> 2, 1, ${remembered}) FROM checkpoints, ${dialect.headsListed} WHERE sequence = ?
     ON CONFLICT (record) DO UPDATE SET head = excluded.head`,
    [row.sequence],
  );
  // Of records that are gone.
  if (row.heads.includes(',0,""]')) await connection.run("DELETE FROM sealed_heads WHERE head = ''");
}

async function* chainEnds(reader: Reader, batch: number): AsyncGenerator<readonly ChainEnd[]> {
  let after = '';
  for (;;) {
    const rows = await reader.all<ChainEnd>('SELECT id AS record, version AS sequence, head AS hash FROM records WHERE id > ? ORDER BY id LIMIT ?', [
      after,
      batch,
    ]);
    const last = rows.at(-1);
    if (!last) {
      return;
    }
    yield rows;
    after = last.record;
  }
}

async function* sealable(reader: Reader, { anew, batch }: { anew: boolean; batch: number }): AsyncGenerator<readonly SealableEnd[]> {
  let after = '';
  for await (const ends of chainEnds(reader, batch)) {
    const last = ends.at(-1)?.record ?? after;
    yield anew ? ends.map((end) => ({ ...end, sealed: false })) : compared(ends, await sealedBetween(reader, after, last));
    after = last;
  }
  if (!anew) yield compared([], await sealedBetween(reader, after, null));
}

async function sealedBetween(reader: Reader, after: string, last: string | null): Promise<Map<string, string>> {
  const params: SqlValue[] = last === null ? [after] : [after, last];
  const rows = await reader.all<{ record: string; head: string }>(
    `SELECT record, head FROM sealed_heads WHERE record > ?${last === null ? '' : ' AND record <= ?'}`,
    params,
  );
  return new Map(rows.map(({ record, head }) => [record, head]));
}

/** Takes from `sealed` what is there; what is left was sealed of records that are gone. */
function compared(ends: readonly ChainEnd[], sealed: Map<string, string>): readonly SealableEnd[] {
  const found = ends.map((end): SealableEnd => {
    const before = sealed.get(end.record);
    sealed.delete(end.record);
    return { ...end, sealed: before === end.hash.slice(0, remembered) };
  });
  if (sealed.size === 0) return found;
  const gone = [...sealed.keys()].map((record): SealableEnd => ({ record, sequence: 0, hash: '', sealed: false }));
  return [...found, ...gone].sort((one, other) => (one.record < other.record ? -1 : 1));
}
