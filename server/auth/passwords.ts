/**
 * Passwords as PHC strings (`$scrypt$ln=17,r=8,p=1$salt$hash`). Hashing takes a third of a second on one of the four threads that
 * SQLite uses too, so at most two run at a time and few wait; a flood is told TOO_MANY instead of stopping the server.
 */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { EngineError } from '../../engine/index.js';

export interface Passwords {
  /** A new hash. Throws TOO_MANY when the queue is full. */
  hash(password: string): Promise<string>;
  /** Whether the password fits; a null hash costs as much time as a real one and never fits. Throws TOO_MANY when the queue is full. */
  fits(password: string, hash: string | null): Promise<boolean>;
}

interface Parameters {
  readonly cost: number;
  readonly block: number;
  readonly parallel: number;
  readonly salt: Buffer;
  readonly key: Buffer;
}

const LOG_COST = 17;
const KEY_BYTES = 32;

function parse(text: string): Parameters | null {
  const match = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/u.exec(text);
  if (!match) return null;
  return {
    cost: 2 ** Number(match[1]),
    block: Number(match[2]),
    parallel: Number(match[3]),
    salt: Buffer.from(match[4] ?? '', 'base64'),
    key: Buffer.from(match[5] ?? '', 'base64'),
  };
}

function derive(password: string, with_: Omit<Parameters, 'key'> & { readonly bytes: number }): Promise<Buffer> {
  const options = { N: with_.cost, r: with_.block, p: with_.parallel, maxmem: 256 * with_.cost * with_.block };
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), with_.salt, with_.bytes, options, (error, key) => (error ? reject(error) : resolve(key)));
  });
}

/** Lets `width` pieces of work run at once and `waiting` more queue; the next one is refused. */
function createGate(width: number, waiting: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  const queue: (() => void)[] = [];
  return async (work) => {
    if (running >= width) {
      if (queue.length >= waiting) throw new EngineError('TOO_MANY', { what: 'sign-ins at the same time', retryAfter: 5 });
      await new Promise<void>((resolve) => queue.push(resolve));
    } else {
      running += 1;
    }
    try {
      return await work();
    } finally {
      const next = queue.shift();
      if (next) next();
      else running -= 1;
    }
  };
}

/** `logCost` is the logarithm of scrypt's N; tests take a smaller one. */
export function createPasswords(options: { readonly logCost?: number; readonly width?: number; readonly waiting?: number } = {}): Passwords {
  const logCost = options.logCost ?? LOG_COST;
  const gate = createGate(options.width ?? 2, options.waiting ?? 16);
  const cost = { cost: 2 ** logCost, block: 8, parallel: 1 };
  const decoy = { ...cost, salt: randomBytes(16), key: randomBytes(KEY_BYTES) };
  const plain = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/u, '');
  return {
    async hash(password) {
      const salt = randomBytes(16);
      const key = await gate(() => derive(password, { ...cost, salt, bytes: KEY_BYTES }));
      return `$scrypt$ln=${logCost},r=8,p=1$${plain(salt)}$${plain(key)}`;
    },
    async fits(password, hash) {
      const real = hash === null ? null : parse(hash);
      const known = real ?? decoy;
      const key = await gate(() => derive(password, { ...known, bytes: known.key.length }));
      return timingSafeEqual(key, known.key) && real !== null;
    },
  };
}

/** What a new password must be like: long rather than odd (ASVS V6.2). Null when it will do, else what is wrong. */
export function passwordProblem(password: string, user: { readonly id: string; readonly name: string }): string | null {
  const length = [...password].length;
  if (length < 12) return 'Use at least 12 characters; several words in a row are easy to remember.';
  if (length > 256) return 'Use at most 256 characters.';
  const folded = password.toLowerCase();
  if (new Set(folded).size < 5) return 'Use more than a few different characters.';
  if (folded.includes(user.id.toLowerCase()) && length - user.id.length < 8) return 'Do not build it from your name.';
  const common = ['password', 'passwort', 'qwerty', 'letmein', 'welcome', 'iloveyou', '123456', 'abcdef', 'charter', 'admin'];
  const rest = common.reduce((text, word) => text.replaceAll(word, ''), folded).replace(/[^\p{Letter}\p{Number}]/gu, '');
  return rest.length < 5 ? 'It is made of words that are tried first.' : null;
}

const syllables = 'bcdfghjklmnprstvz'.split('').flatMap((consonant) => [...'aeiou'].map((vowel) => consonant + vowel));

/** A generated password of about 76 bits that can be read out and typed: four groups of three syllables. */
export function generatePassword(): string {
  const one = (): string => {
    for (;;) {
      const byte = randomBytes(1)[0] ?? 0;
      if (byte < syllables.length * 3) return syllables[byte % syllables.length] ?? 'ba';
    }
  };
  return Array.from({ length: 4 }, () => one() + one() + one()).join('-');
}
