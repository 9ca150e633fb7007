/**
 * Checkpoints seal the heads of all chains: a Merkle root with the prefixes of RFC 6962, section 2.1, signed with the
 * installation's Ed25519 key. A removed record or a cut tail then shows, as long as a checkpoint is kept elsewhere.
 */
import { createPrivateKey, createPublicKey, hkdfSync, type KeyObject, sign, verify } from 'node:crypto';
import type { ChainEnd, CheckpointRow, CheckpointSeal, SealableEnd } from '../store/types.js';
import { Pages } from './pages.js';
import { createTree } from './tree.js';

/** What all heads give together. */
export interface HeadsRoot {
  readonly records: number;
  readonly entries: number;
  readonly root: string;
}

/** As it is sealed; `text` holds, as JSON of `[[record, sequence, hash], …]`, only the heads that differ from what was sealed before. */
export interface SealedHeads extends HeadsRoot {
  readonly text: string;
  /** Whether heads follow that this part does not seal. */
  readonly more: boolean;
}

/** A head with its text. */
export type HeadText = ChainEnd & { readonly text: string };

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

type Batches<T> = AsyncIterable<readonly T[]> | Iterable<readonly T[]>;

/** Heads in the order in which they come. */
export async function gatherHeads(batches: Batches<ChainEnd>): Promise<HeadsRoot> {
  const gathered = createGathered();
  for await (const batch of batches) for (const head of batch) gathered.add(head, textOf(head));
  return gathered.sofar();
}

/** The same, with the texts of those not sealed yet: in parts of at most `most` of them, each sealing all heads up to its own. There is at least one part. */
export async function* headsInParts(batches: Batches<SealableEnd>, most: number): AsyncGenerator<SealedHeads> {
  const gathered = createGathered();
  let [pages, count] = [new Pages(), 0];
  const part = (more: boolean): SealedHeads => ({ ...gathered.sofar(), text: `[${pages.all().join(',')}]`, more });
  for await (const batch of batches)
    for (const head of batch) {
      if (!head.sealed && count === most) {
        yield part(true);
        [pages, count] = [new Pages(), 0];
      }
      const text = textOf(head);
      if (!head.sealed) {
        pages.add(text);
        count += 1;
      }
      // One without entries tells that its record is gone; it is no leaf.
      if (head.sequence > 0) gathered.add(head, text);
    }
  yield part(false);
}

const textOf = ({ record, sequence, hash }: ChainEnd): string => JSON.stringify([record, sequence, hash]);

function createGathered(): { add(head: ChainEnd, text: string): void; sofar(): HeadsRoot } {
  const tree = createTree();
  let [records, entries] = [0, 0];
  return {
    add({ sequence }, text) {
      tree.add(text);
      records += 1;
      entries += sequence;
    },
    sofar: () => ({ records, entries, root: tree.root() }),
  };
}

/** The head at one place of their text. */
const headText = /\["(?<record>[^"\\]*)",(?<sequence>\d{1,15}),"(?<hash>[^"\\]*)"\]/uy;

/** The heads of a checkpoint one after another, each with its text; there may be a million. Throws where the text is not that of heads. */
export function* headsIn(text: string): Generator<HeadText> {
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

/** What is wrong with who signed a checkpoint; null when nothing is. */
export function signatureFault(row: CheckpointSeal, { own, before }: Keys): string | null {
  const earlier = before.get(row.publicKey);
  if (row.publicKey !== publicText(own) && !(earlier && row.sequence <= earlier.upTo)) return 'It was signed with another key than this installation’s.';
  const signature = Buffer.from(row.signature, 'base64');
  // Base64 leaves some bits of its last letter without meaning: only one way of writing it is accepted.
  const sound = signature.toString('base64') === row.signature && verify(null, signed(row), keyOf(row.publicKey), signature);
  return sound ? null : 'Its signature is wrong.';
}

const keyOf = (text: string): KeyObject => createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' });

/** The public half, as checkpoints have it. */
export function publicText(key: KeyObject): string {
  return createPublicKey(key).export({ format: 'der', type: 'spki' }).toString('base64');
}

function signed({ sequence, at, records, entries, root }: { sequence: number; at: number; records: number; entries: number; root: string }): Buffer {
  return Buffer.from(JSON.stringify(['charter checkpoint 1', sequence, at, records, entries, root]));
}
