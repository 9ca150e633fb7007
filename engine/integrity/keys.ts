/**
 * Which secret key a database is used with. The store keeps the public half of the signing key that follows from it, from which nobody gets back to
 * the secret: a server with another secret would end everybody's session and sign what the others do not accept, so it does not start. When the key
 * is changed on purpose, the new one vouches for the checkpoints that those before it signed.
 */
import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { systemClock } from '../clock.js';
import { EngineError } from '../errors.js';
import { lockServer, openStore } from '../store/index.js';
import type { Store } from '../store/types.js';
import { type KeyBefore, type Keys, publicText, signingKey } from './checkpoint.js';
import { exhaust, Succession } from './succession.js';

interface KeptKey {
  readonly publicKey: string;
  readonly before: readonly KeyBefore[];
  /** Over `before`, by the key itself. */
  readonly signature: string;
}

const ROW = 'signing-key';

type Facts = Pick<Store, 'meta' | 'metaOnce' | 'setMeta' | 'history'>;

/** @throws EngineError KEY_DIFFERS when the database is used with another key. */
export async function refuseOtherKey(store: Facts, secret: string): Promise<void> {
  const own = publicText(signingKey(secret));
  const kept = await keptKey(store);
  // Databases of earlier versions tell by what was signed.
  const used = kept ? [kept.publicKey] : (await store.history.checkpoints()).map(({ publicKey }) => publicKey);
  if (used.length > 0 && !used.includes(own)) throw new EngineError('KEY_DIFFERS');
}

/** Notes the key of the first server; all others must have the same. @throws EngineError KEY_DIFFERS */
export async function keepKey(store: Facts, secret: string): Promise<void> {
  await refuseOtherKey(store, secret);
  await store.metaOnce(ROW, rowOf(signingKey(secret), []));
  await refuseOtherKey(store, secret);
}

/** The key that follows from a secret, with those it vouches for. */
export async function knownKeys(store: Facts, own: KeyObject): Promise<Keys> {
  const kept = await keptKey(store);
  const sound = kept && kept.publicKey === publicText(own) && verify(null, vouched(kept.before), createPublicKey(own), Buffer.from(kept.signature, 'base64'));
  return { own, before: new Map((sound ? kept.before : []).map((each) => [each.publicKey, each])) };
}

export interface KeyChange {
  readonly databaseUrl: string;
  /** The secret from now on. */
  readonly secret: string;
  /** The one until now; null: it is lost. */
  readonly before: string | null;
}

/**
 * Changes the secret of a database that no server uses. Checkpoints signed so far are held against the key before first; where it is lost they are
 * taken as they stand, and verification says so of each.
 * @returns how many checkpoints the new key vouches for. @throws EngineError KEY_DIFFERS, HISTORY_DAMAGED, STORE_IN_USE
 */
export async function changeKey({ databaseUrl, secret, before: secretBefore }: KeyChange): Promise<number> {
  const store = await openStore({ url: databaseUrl, mustExist: true }, systemClock);
  try {
    const unlock = await lockServer(store, 'charter key change', systemClock);
    try {
      if (secretBefore !== null) await refuseOtherKey(store, secretBefore);
      const own = signingKey(secret);
      const signed = secretBefore === null ? await foundKeys(store) : await provenKeys(store, await knownKeys(store, signingKey(secretBefore)));
      const others = signed.filter(({ publicKey }) => publicKey !== publicText(own));
      await store.setMeta(ROW, rowOf(own, others));
      return (await store.history.newestCheckpoint())?.sequence ?? 0;
    } finally {
      await unlock();
    }
  } finally {
    await store.close();
  }
}

async function provenKeys({ history }: Facts, keys: Keys): Promise<readonly KeyBefore[]> {
  const succession = new Succession();
  for (const { sequence } of await history.checkpoints()) {
    const row = await history.checkpoint(sequence);
    const fault = row && exhaust(succession.take(row, keys));
    if (fault) throw new EngineError('HISTORY_DAMAGED', { checkpoint: sequence, reason: fault });
  }
  const newest = await history.newestCheckpoint();
  return [...keys.before.values(), ...(newest ? [{ publicKey: publicText(keys.own), upTo: newest.sequence, proven: true }] : [])];
}

async function foundKeys({ history }: Facts): Promise<readonly KeyBefore[]> {
  const signed = new Map((await history.checkpoints()).map(({ publicKey, sequence }) => [publicKey, sequence]));
  return [...signed].map(([publicKey, upTo]) => ({ publicKey, upTo, proven: false }));
}

function rowOf(own: KeyObject, signedBefore: readonly KeyBefore[]): string {
  return JSON.stringify({ publicKey: publicText(own), before: signedBefore, signature: sign(null, vouched(signedBefore), own).toString('base64') });
}

const vouched = (keys: readonly KeyBefore[]): Buffer =>
  Buffer.from(JSON.stringify(['charter keys 1', ...keys.map(({ publicKey, upTo, proven }) => [publicKey, upTo, proven])]));

async function keptKey(store: Facts): Promise<KeptKey | null> {
  const text = await store.meta(ROW);
  // One that was altered is no key, so that none is accepted.
  return text === null ? null : (readKept(text) ?? { publicKey: '', before: [], signature: '' });
}

function readKept(text: string): KeptKey | null {
  try {
    const { publicKey, before, signature } = JSON.parse(text) as Record<string, unknown>;
    const sound = typeof publicKey === 'string' && typeof signature === 'string' && Array.isArray(before) && before.every(isKeyBefore);
    return sound ? { publicKey, before, signature } : null;
  } catch {
    return null;
  }
}

function isKeyBefore(each: unknown): each is KeyBefore {
  const { publicKey, upTo, proven } = (each ?? {}) as Record<string, unknown>;
  return typeof publicKey === 'string' && typeof upTo === 'number' && typeof proven === 'boolean';
}
