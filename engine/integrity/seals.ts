/** Checkpoints held against the chains: what was sealed must still be there, and be what it was. */
import type { VerifyProblem } from '../engine.js';
import type { CheckpointRow, CheckpointSeal, HistoryStore } from '../store/types.js';
import type { HeadText, Keys } from './checkpoint.js';
import { Succession } from './succession.js';

type Looked = Pick<HistoryStore, 'checkpoint' | 'hashesAt'>;

interface Sealing {
  readonly history: Looked;
  readonly keys: Keys;
}

/** Places looked up at once. */
const TOGETHER = 500;

/** `gathered` are those of the store, in their order; `kept` those that somebody kept outside. */
export async function sealProblems(
  { gathered, kept }: { readonly gathered: readonly CheckpointSeal[]; readonly kept: readonly CheckpointRow[] },
  sealing: Sealing,
): Promise<readonly VerifyProblem[]> {
  const problems: VerifyProblem[] = gathered.flatMap((row, index) => (row.sequence === index + 1 ? [] : [gone(index + 1, row.sequence)])).slice(0, 1);
  const succession = new Succession();
  for (const { sequence } of gathered) {
    const row = await sealing.history.checkpoint(sequence);
    if (row) problems.push(...(await checkpointProblems(row, { ...sealing, name: `Checkpoint ${sequence}`, succession })));
  }
  for (const row of kept) {
    const name = `Checkpoint ${row.sequence} as it was kept outside`;
    problems.push(...(await checkpointProblems(row, { ...sealing, name, succession: new Succession(row.sequence - 1) })));
  }
  return [...problems, ...kept.flatMap((row) => replaced(row, gathered))];
}

/** Checkpoints of which nobody could prove that they were signed here, since the key of then is lost. */
export function unprovenSeals(gathered: readonly CheckpointSeal[], { before }: Keys): readonly VerifyProblem[] {
  return gathered
    .filter(({ publicKey }) => before.get(publicKey)?.proven === false)
    .map(({ sequence }) => ({
      kind: 'checkpoint',
      record: null,
      sequence: null,
      message: `Checkpoint ${sequence}: The key that signed it was lost, so it is taken as it stood when the key was changed.`,
    }));
}

function gone(expected: number, found: number): VerifyProblem {
  return {
    kind: 'checkpoint',
    record: null,
    sequence: null,
    message: `Where checkpoint ${expected} should stand is checkpoint ${found}: a checkpoint was removed or inserted.`,
  };
}

function replaced(row: CheckpointRow, gathered: readonly CheckpointSeal[]): readonly VerifyProblem[] {
  const same = gathered.find(({ sequence }) => sequence === row.sequence);
  if (same?.root === row.root && same.signature === row.signature) return [];
  return [
    {
      kind: 'checkpoint',
      record: null,
      sequence: null,
      message: `Checkpoint ${row.sequence} ${same ? 'is another one here than the one that was kept outside: it was made again' : 'was kept outside, but is no longer here: it was removed'}.`,
    },
  ];
}

type Against = Sealing & { readonly name: string; readonly succession: Succession };

/** Of a checkpoint that is not sound in itself nothing else is told. */
async function checkpointProblems(row: CheckpointRow, { history, keys, name, succession }: Against): Promise<readonly VerifyProblem[]> {
  const problem = (record: string | null, sequence: number | null, message: string): VerifyProblem => ({
    kind: 'checkpoint',
    record,
    sequence,
    message: `${name}: ${message}`,
  });
  const problems: VerifyProblem[] = [];
  const compare = async (heads: readonly HeadText[]): Promise<void> => {
    for (const { head, found } of await look(history, heads)) {
      if (found === 'same') continue;
      succession.amiss.add(head.text);
      const words = found === 'nothing' ? 'an entry that it seals is gone.' : 'an entry that it seals is not what it was: the chain was made again.';
      problems.push(problem(head.record, head.sequence, words));
    }
  };
  const fault = await inBatches(succession.take(row, keys), compare);
  return fault ? [problem(null, null, fault)] : problems;
}

/** Hands on what is generated, so many at once; resolves with what the generator returns. */
async function inBatches<T>(taking: Generator<HeadText, T>, work: (batch: readonly HeadText[]) => Promise<void>): Promise<T> {
  let batch: HeadText[] = [];
  for (;;) {
    const next = taking.next();
    if (!next.done) batch.push(next.value);
    if (next.done || batch.length === TOGETHER) {
      await work(batch);
      batch = [];
    }
    if (next.done) return next.value;
  }
}

interface LookedUp {
  readonly head: HeadText;
  readonly found: 'same' | 'other' | 'nothing';
}

async function look(history: Looked, heads: readonly HeadText[]): Promise<readonly LookedUp[]> {
  const found = await history.hashesAt(heads);
  const places = new Set(found.map(({ record, sequence }) => `${record} ${sequence}`));
  const hashes = new Set(found.map(({ record, sequence, hash }) => `${record} ${sequence} ${hash}`));
  return heads.map((head) => {
    const place = `${head.record} ${head.sequence}`;
    return { head, found: hashes.has(`${place} ${head.hash}`) ? 'same' : places.has(place) ? 'other' : 'nothing' };
  });
}
