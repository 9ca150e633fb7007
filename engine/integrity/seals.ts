/** Checkpoints held against the chains: what was sealed must still be there, and be what it was. One checkpoint at a time is in memory. */
import type { VerifyProblem } from '../engine.js';
import type { ChainEnd, CheckpointRow, CheckpointSeal, HistoryStore } from '../store/types.js';
import { checkpointFault, headsIn, type Keys } from './checkpoint.js';

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
  let before = new Compared('[]');
  for (const { sequence } of gathered) {
    const row = await sealing.history.checkpoint(sequence);
    if (!row) continue;
    const compared = new Compared(row.heads);
    problems.push(...(await checkpointProblems(row, { ...sealing, name: `Checkpoint ${sequence}`, before, compared })));
    before = compared;
  }
  for (const row of kept)
    problems.push(
      ...(await checkpointProblems(row, {
        ...sealing,
        name: `Checkpoint ${row.sequence} as it was kept outside`,
        before: new Compared('[]'),
        compared: new Compared(row.heads),
      })),
    );
  return [...problems, ...kept.flatMap((row) => replaced(row, gathered))];
}

/** What was compared last: most records stay as they are from one checkpoint to the next, and are not looked up again. */
class Compared {
  readonly heads: string;
  /** Whether every head of it was compared. */
  whole = false;
  /** Texts of those that were amiss; they are told for each checkpoint. */
  readonly amiss = new Set<string>();

  constructor(heads: string) {
    this.heads = heads;
  }

  /** Tells of heads, asked in the order of their records, whether they were found as they should be. */
  seen(): (head: { readonly record: string; readonly text: string }) => boolean {
    if (!this.whole) return () => false;
    const earlier = headsIn(this.heads);
    let next = earlier.next();
    return ({ record, text }) => {
      while (!next.done && next.value.record < record) next = earlier.next();
      return !next.done && next.value.text === text && !this.amiss.has(text);
    };
  }
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

type Against = Sealing & { readonly name: string; readonly before: Compared; readonly compared: Compared };

async function checkpointProblems(row: CheckpointRow, { history, keys, name, before, compared }: Against): Promise<readonly VerifyProblem[]> {
  const problem = (record: string | null, sequence: number | null, message: string): VerifyProblem => ({
    kind: 'checkpoint',
    record,
    sequence,
    message: `${name}: ${message}`,
  });
  const fault = checkpointFault(row, keys);
  if (fault) return [problem(null, null, fault)];
  const problems: VerifyProblem[] = [];
  for await (const { head, found } of lookedUp(row.heads, history, before.seen())) {
    if (found === 'same') continue;
    compared.amiss.add(head.text);
    const words = found === 'nothing' ? 'an entry that it seals is gone.' : 'an entry that it seals is not what it was: the chain was made again.';
    problems.push(problem(head.record, head.sequence, words));
  }
  compared.whole = true;
  return problems;
}

type Head = ChainEnd & { readonly text: string };

interface LookedUp {
  readonly head: Head;
  readonly found: 'same' | 'other' | 'nothing';
}

/** Heads with what stands at their places, without those that were seen. */
async function* lookedUp(heads: string, history: Looked, seen: (head: Head) => boolean): AsyncGenerator<LookedUp> {
  let batch: Head[] = [];
  for (const head of headsIn(heads)) {
    if (seen(head)) continue;
    batch.push(head);
    if (batch.length < TOGETHER) continue;
    yield* await look(history, batch);
    batch = [];
  }
  yield* await look(history, batch);
}

async function look(history: Looked, heads: readonly Head[]): Promise<readonly LookedUp[]> {
  const found = await history.hashesAt(heads);
  const places = new Set(found.map(({ record, sequence }) => `${record} ${sequence}`));
  const hashes = new Set(found.map(({ record, sequence, hash }) => `${record} ${sequence} ${hash}`));
  return heads.map((head) => {
    const place = `${head.record} ${head.sequence}`;
    return { head, found: hashes.has(`${place} ${head.hash}`) ? 'same' : places.has(place) ? 'other' : 'nothing' };
  });
}
