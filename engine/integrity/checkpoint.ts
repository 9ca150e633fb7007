/**
 * Checkpoints seal the heads of all chains: a Merkle root with the prefixes of RFC 6962, section 2.1, signed with the
 * installation's Ed25519 key. A removed record or a cut tail then shows, as long as a checkpoint is kept elsewhere.
 */
import { createPrivateKey, createPublicKey, hkdfSync, type KeyObject, sign, verify } from 'node:crypto';
import type { ChainEnd, CheckpointRow } from '../store/types.js';
import { createTree } from './tree.js';

/** Heads as they are sealed and kept: JSON text of `[[record, sequence, hash], …]`, and the root over them. */
export interface SealedHeads {
  readonly text: string;
  readonly records: number;
  readonly entries: number;
  readonly root: string;
}

/** A key that signed checkpoints before the one in force. */
export interface KeyBefore {
  readonly publicKey: string;
  /** The last checkpoint it signed. */
  readonly upTo: number;
  /** Whether whoever changed it had it; else its checkpoints were taken as they stood. */
  readonly proven: boolean;
}

export interface Keys {
  readonly own: KeyObject;
  /** By public key. */
  readonly before: ReadonlyMap<string, KeyBefore>;
}

/** PKCS#8 prefix of an Ed25519 private key (RFC 8410), before its 32 bytes. */
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** Gathers heads in the order in which they come. `keep`: their text too, which a root alone does not need. */
export async function gatherHeads(batches: AsyncIterable<readonly ChainEnd[]> | Iterable<readonly ChainEnd[]>, keep: boolean): Promise<SealedHeads> {
  const tree = createTree();
  const texts: string[] = [];
  let [records, entries] = [0, 0];
  for await (const batch of batches) {
    const heads = batch.map(({ record, sequence, hash }) => JSON.stringify([record, sequence, hash]));
    for (const head of heads) tree.add(head);
    if (keep && heads.length > 0) texts.push(heads.join(','));
    records += batch.length;
    entries = batch.reduce((sum, { sequence }) => sum + sequence, entries);
  }
  return { text: `[${texts.join(',')}]`, records, entries, root: tree.root() };
}

/** The head at one place of their text. */
const headText = /\["(?<record>[^"\\]*)",(?<sequence>\d{1,15}),"(?<hash>[^"\\]*)"\]/uy;

/** The heads of a checkpoint one after another, each with its text; there may be a million. Throws where the text is not that of heads. */
export function* headsIn(text: string): Generator<ChainEnd & { readonly text: string }> {
  const length = text.length - 1;
  if (text[0] !== '[' || text[length] !== ']') throw new Error('not a list of heads');
  for (let at = 1; at < length; ) {
    headText.lastIndex = at;
    const found = headText.exec(text);
    if (!found) throw new Error('not a list of heads');
    at += found[0].length;
    if (at < length && text[at++] !== ',') throw new Error('not a list of heads');
    const { record = '', sequence = '', hash = '' } = found.groups ?? {};
    yield { record, sequence: Number(sequence), hash, text: found[0] };
  }
}

/** The installation's signing key, derived from its secret (HKDF-SHA-256, RFC 5869). */
export function signingKey(secret: string): KeyObject {
  const seed = Buffer.from(hkdfSync('sha256', secret, 'charter', 'checkpoint signing key', 32));
  return createPrivateKey({ key: Buffer.concat([PKCS8_ED25519, seed]), format: 'der', type: 'pkcs8' });
}

export function sealHeads(
  { text, records, entries, root }: SealedHeads,
  { sequence, at, key }: { sequence: number; at: number; key: KeyObject },
): CheckpointRow {
  const signature = sign(null, signed({ sequence, at, records, entries, root }), key).toString('base64');
  return { sequence, at, records, entries, root, signature, publicKey: publicText(key), heads: text };
}

/** What is wrong with a checkpoint in itself; null when it is sound. */
export function checkpointFault(row: CheckpointRow, { own, before }: Keys): string | null {
  const found = rootOf(row.heads);
  if (!found) return 'Its heads cannot be read.';
  if (found.records !== row.records || found.root !== row.root) return 'Its heads do not give its root.';
  const earlier = before.get(row.publicKey);
  if (row.publicKey !== publicText(own) && !(earlier && row.sequence <= earlier.upTo)) return 'It was signed with another key than this installation’s.';
  const signature = Buffer.from(row.signature, 'base64');
  // Base64 leaves some bits of its last letter without meaning: only one way of writing it is accepted.
  const sound = signature.toString('base64') === row.signature && verify(null, signed(row), keyOf(row.publicKey), signature);
  return sound ? null : 'Its signature is wrong.';
}

function rootOf(heads: string): { readonly records: number; readonly root: string } | null {
  const tree = createTree();
  let records = 0;
  try {
    for (const { text } of headsIn(heads)) {
      tree.add(text);
      records += 1;
    }
  } catch {
    return null;
  }
  return { records, root: tree.root() };
}

const keyOf = (text: string): KeyObject => createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' });

/** The public half, as checkpoints have it. */
export function publicText(key: KeyObject): string {
  return createPublicKey(key).export({ format: 'der', type: 'spki' }).toString('base64');
}

function signed({ sequence, at, records, entries, root }: { sequence: number; at: number; records: number; entries: number; root: string }): Buffer {
  return Buffer.from(JSON.stringify(['charter checkpoint 1', sequence, at, records, entries, root]));
}
