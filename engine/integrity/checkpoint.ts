/**
 * Checkpoints seal the heads of all chains: a Merkle root with the prefixes of RFC 6962, section 2.1, signed with the
 * installation's Ed25519 key. A removed record or a cut tail then shows, as long as a checkpoint is kept elsewhere.
 */
import { createHash, createPrivateKey, createPublicKey, hkdfSync, type KeyObject, sign, verify } from 'node:crypto';
import type { CheckpointRow } from '../store/types.js';

/** One chain's end: record, sequence, hash. */
export type Head = readonly [record: string, sequence: number, hash: string];

/** PKCS#8 prefix of an Ed25519 private key (RFC 8410), before its 32 bytes. */
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** RFC 6962 root over the heads' canonical JSON, in the order given. */
export function merkleRoot(heads: readonly Head[]): string {
  let level = heads.map((head) => digest(Buffer.concat([Buffer.from([0]), Buffer.from(JSON.stringify(head))])));
  if (level.length === 0) return digest(Buffer.alloc(0)).toString('hex');
  while (level.length > 1) {
    const next: Buffer[] = [];
    for (let index = 0; index < level.length; index += 2) {
      const [left, right] = [level[index] as Buffer, level[index + 1]];
      next.push(right ? digest(Buffer.concat([Buffer.from([1]), left, right])) : left);
    }
    level = next;
  }
  return (level[0] as Buffer).toString('hex');
}

/** The installation's signing key, derived from its secret (HKDF-SHA-256, RFC 5869). */
export function signingKey(secret: string): KeyObject {
  const seed = Buffer.from(hkdfSync('sha256', secret, 'charter', 'checkpoint signing key', 32));
  return createPrivateKey({ key: Buffer.concat([PKCS8_ED25519, seed]), format: 'der', type: 'pkcs8' });
}

export function sealHeads(
  heads: readonly Head[],
  { sequence, at, entries, key }: { sequence: number; at: number; entries: number; key: KeyObject },
): CheckpointRow {
  const root = merkleRoot(heads);
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' }).toString('base64');
  const signature = sign(null, signed({ sequence, at, records: heads.length, entries, root }), key).toString('base64');
  return { sequence, at, records: heads.length, entries, root, signature, publicKey, heads: JSON.stringify(heads) };
}

/** What is wrong with a checkpoint in itself; null when it is sound. */
export function checkpointFault(row: CheckpointRow, key: KeyObject): string | null {
  const heads = JSON.parse(row.heads) as readonly Head[];
  if (heads.length !== row.records || merkleRoot(heads) !== row.root) return 'Its heads do not give its root.';
  const own = createPublicKey(key).export({ format: 'der', type: 'spki' }).toString('base64');
  if (row.publicKey !== own) return 'It was signed with another key than this installation’s.';
  const signature = Buffer.from(row.signature, 'base64');
  // Base64 leaves some bits of its last letter without meaning: only one way of writing it is accepted.
  const sound = signature.toString('base64') === row.signature && verify(null, signed(row), createPublicKey(key), signature);
  return sound ? null : 'Its signature is wrong.';
}

function signed({ sequence, at, records, entries, root }: { sequence: number; at: number; records: number; entries: number; root: string }): Buffer {
  return Buffer.from(JSON.stringify(['charter checkpoint 1', sequence, at, records, entries, root]));
}

function digest(data: Buffer): Buffer {
  return createHash('sha256').update(data).digest();
}
