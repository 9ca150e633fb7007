/** The Merkle tree of RFC 6962, section 2.1, as it grows: only the roots of its full subtrees are kept, so a million leaves take no more than twenty hashes. */
import { createHash } from 'node:crypto';

const LEAF = Buffer.from([0]);
const NODE = Buffer.from([1]);

export interface Subtree {
  /** It has two to the power of this many leaves. */
  readonly level: number;
  readonly hash: Buffer;
}

export interface Tree {
  /** One more leaf. */
  add(text: string): void;
  /** More leaves, of which the full subtrees are known; each must fit where the leaves so far end. */
  graft(subtrees: readonly Subtree[]): void;
  /** The full subtrees, from left to right. */
  subtrees(): readonly Subtree[];
  /** The root over all leaves so far, as hex. */
  root(): string;
}

export function createTree(): Tree {
  /** Each smaller than the one before it. */
  const full: Subtree[] = [];
  const push = (subtree: Subtree): void => {
    let { level, hash } = subtree;
    for (let left = full.at(-1); left?.level === level; left = full.at(-1)) {
      hash = above(left.hash, hash);
      level += 1;
      full.pop();
    }
    full.push({ level, hash });
  };
  return {
    add: (text) => push({ level: 0, hash: createHash('sha256').update(LEAF).update(text).digest() }),
    graft: (subtrees) => subtrees.forEach(push),
    subtrees: () => full,
    root() {
      const hashes: Buffer[] = full.map(({ hash }) => hash);
      return (hashes.length === 0 ? createHash('sha256').digest() : hashes.reduceRight((right, left) => above(left, right))).toString('hex');
    },
  };
}

const above = (left: Buffer, right: Buffer): Buffer => createHash('sha256').update(NODE).update(left).update(right).digest();
