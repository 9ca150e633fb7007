/** Checkpoints held against the chains: what was sealed must still be there, and be what it was. */
import type { KeyObject } from 'node:crypto';
import type { VerifyProblem } from '../engine.js';
import type { CheckpointRow } from '../store/types.js';
import { checkpointFault, type Head } from './checkpoint.js';

/** Sequences that any checkpoint seals, by record. */
export type SealedPlaces = ReadonlyMap<string, ReadonlySet<number>>;

/** Hashes found at sealed places, as `record sequence`. */
export type SealedFound = ReadonlyMap<string, string>;

export function sealedPlaces(checkpoints: readonly CheckpointRow[]): SealedPlaces {
  const places = new Map<string, Set<number>>();
  for (const row of checkpoints) {
    for (const [record, sequence] of headsOf(row) ?? []) {
      const known = places.get(record);
      if (known) known.add(sequence);
      else places.set(record, new Set([sequence]));
    }
  }
  return places;
}

/** `gathered` are those of the store, one after another; `kept` those that somebody kept outside. */
export function sealProblems(
  checkpoints: { readonly gathered: readonly CheckpointRow[]; readonly kept: readonly CheckpointRow[] },
  found: SealedFound,
  key: KeyObject,
): readonly VerifyProblem[] {
  const { gathered, kept } = checkpoints;
  const own = (row: CheckpointRow, name: string) => checkpointProblems(row, found, { key, name });
  return [
    ...gathered.flatMap((row, index) => (row.sequence === index + 1 ? [] : [gone(index + 1, row.sequence)])).slice(0, 1),
    ...gathered.flatMap((row) => own(row, `Checkpoint ${row.sequence}`)),
    ...kept.flatMap((row) => own(row, `Checkpoint ${row.sequence} as it was kept outside`)),
    ...kept.flatMap((row) => replaced(row, gathered)),
  ];
}

function gone(expected: number, found: number): VerifyProblem {
  return {
    kind: 'checkpoint',
    record: null,
    sequence: null,
    message: `Where checkpoint ${expected} should stand is checkpoint ${found}: a checkpoint was removed or inserted.`,
  };
}

function replaced(row: CheckpointRow, gathered: readonly CheckpointRow[]): readonly VerifyProblem[] {
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

function checkpointProblems(row: CheckpointRow, found: SealedFound, { key, name }: { key: KeyObject; name: string }): readonly VerifyProblem[] {
  const problem = (record: string | null, sequence: number | null, message: string): VerifyProblem => ({
    kind: 'checkpoint',
    record,
    sequence,
    message: `${name}: ${message}`,
  });
  const heads = headsOf(row);
  const fault = heads === null ? 'Its heads cannot be read.' : checkpointFault(row, key);
  if (fault || !heads) return [problem(null, null, fault ?? '')];
  return heads.flatMap(([record, sequence, hash]) => {
    const stored = found.get(`${record} ${sequence}`);
    if (stored === undefined) return [problem(record, sequence, 'an entry that it seals is gone.')];
    return stored === hash ? [] : [problem(record, sequence, 'an entry that it seals is not what it was: the chain was made again.')];
  });
}

function headsOf(row: CheckpointRow): readonly Head[] | null {
  try {
    const heads = JSON.parse(row.heads) as readonly Head[] | null;
    return Array.isArray(heads) && heads.every((head: unknown) => Array.isArray(head) && head.length === 3) ? heads : null;
  } catch {
    return null;
  }
}
