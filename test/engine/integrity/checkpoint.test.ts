import { createHash, generateKeyPairSync, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { gatherHeads, headsIn, headsInParts, type Keys, type SealedHeads, sealHeads, signingKey } from '../../../engine/integrity/checkpoint.js';
import { exhaust, Succession } from '../../../engine/integrity/succession.js';
import { createTree } from '../../../engine/integrity/tree.js';
import type { ChainEnd, CheckpointRow, SealableEnd } from '../../../engine/store/types.js';

const end = (number: number): ChainEnd => ({ record: `record-${number}`, sequence: number, hash: 'f'.repeat(64) });
const head = (number: number): string => JSON.stringify([`record-${number}`, number, 'f'.repeat(64)]);
function merkleRoot(heads: readonly string[]): string {
  const tree = createTree();
  for (const each of heads) tree.add(each);
  return tree.root();
}
const sealable = (number: number, sealed = false): SealableEnd => ({ ...end(number), sealed });
/** Judged by itself. */
const checkpointFault = (row: CheckpointRow, keys: Keys): string | null => exhaust(new Succession(row.sequence - 1).take(row, keys));
const sha = (...parts: readonly (Buffer | string)[]): Buffer =>
  createHash('sha256')
    .update(Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part))))
    .digest();
const leaf = (number: number): Buffer => sha(Buffer.from([0]), head(number));
const node = (left: Buffer, right: Buffer): Buffer => sha(Buffer.from([1]), left, right);

describe('the Merkle root', () => {
  it('of nothing is the hash of nothing, as RFC 6962 has it', () => {
    expect(merkleRoot([])).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });

  it('is the tree of RFC 6962, also where the number of heads is no power of two', () => {
    expect(merkleRoot([head(1)])).toBe(leaf(1).toString('hex'));
    expect(merkleRoot([1, 2, 3].map(head))).toBe(node(node(leaf(1), leaf(2)), leaf(3)).toString('hex'));
    expect(merkleRoot([1, 2, 3, 4, 5, 6, 7].map(head))).toBe(
      node(node(node(leaf(1), leaf(2)), node(leaf(3), leaf(4))), node(node(leaf(5), leaf(6)), leaf(7))).toString('hex'),
    );
  });

  it('is another for other heads, another order, and heads passed off as nodes', () => {
    const roots = [[1, 2], [2, 1], [1], [1, 2, 2], [1, 1]].map((numbers) => merkleRoot(numbers.map(head)));
    expect(new Set(roots).size).toBe(roots.length);
  });
});

async function parts(batches: readonly (readonly SealableEnd[])[], most: number): Promise<SealedHeads[]> {
  const all: SealedHeads[] = [];
  for await (const part of headsInParts(batches, most)) all.push(part);
  return all;
}

describe('heads to be sealed', () => {
  const rootOf = (...numbers: number[]): string => merkleRoot(numbers.map(head));

  it('all go into the root, but only those not sealed yet are kept', async () => {
    expect(await parts([[sealable(1, true), sealable(2)], [sealable(3, true)]], 2)).toEqual([
      { records: 3, entries: 6, root: rootOf(1, 2, 3), text: `[${head(2)}]`, more: false },
    ]);
    expect(await gatherHeads([[end(1), end(2)], [end(3)]])).toEqual({ records: 3, entries: 6, root: rootOf(1, 2, 3) });
    expect(await parts([], 2)).toEqual([{ records: 0, entries: 0, root: rootOf(), text: '[]', more: false }]);
  });

  it('come in parts when there are too many, each with the root of all up to its last', async () => {
    expect(await parts([[1, 2, 3].map((number) => sealable(number)), [4, 5].map((number) => sealable(number))], 2)).toEqual([
      { records: 2, entries: 3, root: rootOf(1, 2), text: `[${head(1)},${head(2)}]`, more: true },
      { records: 4, entries: 10, root: rootOf(1, 2, 3, 4), text: `[${head(3)},${head(4)}]`, more: true },
      { records: 5, entries: 15, root: rootOf(1, 2, 3, 4, 5), text: `[${head(5)}]`, more: false },
    ]);
    expect(await parts([[sealable(1), sealable(2)]], 2)).toHaveLength(1);
  });
});

describe('a checkpoint', async () => {
  const key = signingKey('a secret');
  const keys: Keys = { own: key, before: new Map() };
  const heads = (await parts([[sealable(1), sealable(2)], [sealable(3)]], 3))[0] as SealedHeads;
  const row = sealHeads(heads, { sequence: 4, at: 1_000, key });

  it('holds the heads in the order they came in, and they are read one after another', () => {
    expect(JSON.parse(row.heads)).toEqual([1, 2, 3].map((number) => JSON.parse(head(number))));
    expect([...headsIn(row.heads)]).toEqual([1, 2, 3].map((number) => ({ ...end(number), text: head(number) })));
    expect([...headsIn('[]')]).toEqual([]);
    expect(row).toMatchObject({ records: 3, entries: 6, root: merkleRoot([1, 2, 3].map(head)) });
  });

  it.each(['', '[', '{}', 'null', `[${head(1)}`, `[${head(1)}${head(2)}]`, `[${head(1)},,${head(2)}]`, `[${head(1)} ]`, '["r",1,"f"]', '[["r",1]]'])(
    'is not sound with %s for heads',
    (text) => expect(checkpointFault({ ...row, heads: text }, keys)).not.toBeNull(),
  );

  it('is signed by a key that follows from the secret alone, and anyone can check it with the public key in it', () => {
    expect(sealHeads(heads, { sequence: 4, at: 1_000, key: signingKey('a secret') })).toEqual(row);
    const message = Buffer.from(JSON.stringify(['charter checkpoint 1', row.sequence, row.at, row.records, row.entries, row.root]));
    expect(verify(null, message, { key: Buffer.from(row.publicKey, 'base64'), format: 'der', type: 'spki' }, Buffer.from(row.signature, 'base64'))).toBe(true);
    expect(checkpointFault(row, keys)).toBeNull();
  });

  it.each([
    ['another key', { publicKey: sealHeads(heads, { sequence: 4, at: 1_000, key: generateKeyPairSync('ed25519').privateKey }).publicKey }],
    ['another number', { sequence: 5 }],
    ['another instant', { at: 1_001 }],
    ['another count of entries', { entries: 7 }],
    ['another count of records', { records: 2 }],
    ['another head', { heads: row.heads.replace('record-1', 'record-9') }],
    ['another root', { root: merkleRoot([]) }],
    ['another signature', { signature: row.signature.replace(/^./, (first) => (first === 'A' ? 'B' : 'A')) }],
    ['a signature written in another way', { signature: row.signature.replace(/==$/, '=') }],
  ])('with %s is not sound', (_words, change) => {
    expect(checkpointFault({ ...row, ...change }, keys)).not.toBeNull();
  });

  it('signed with the key of another installation is not taken for one of ours', () => {
    const other = sealHeads(heads, { sequence: 4, at: 1_000, key: signingKey('another secret') });
    expect(checkpointFault(other, keys)).toBe('It was signed with another key than this installation’s.');
  });
});
