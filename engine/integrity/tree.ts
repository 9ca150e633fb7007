/** The Merkle tree of RFC 6962, section 2.1, as it grows: only the roots of its full subtrees are kept, so a million leaves take no more than twenty hashes. */
import { createHash } from 'node:crypto';

const LEAF = Buffer.from([0]);
const NODE = Buffer.from([1]);

export interface Tree {
  /** One more leaf. */
  add(text: string): void;
  /** The root over all leaves so far, as hex. */
  root(): string;
}

export function createTree(): Tree {
  /** Full subtrees from left to right, each smaller than the one before it. */
  const full: { readonly level: number; readonly hash: Buffer }[] = [];
  return {
    add(text) {
      let level = 0;
      let hash: Buffer = createHash('sha256').update(LEAF).update(text).digest();
      for (let left = full.at(-1); left?.level === level; left = full.at(-1)) {
        hash = above(left.hash, hash);
        level += 1;
        full.pop();
      }
      full.push({ level, hash });
    },
    root() {
      const hashes: Buffer[] = full.map(({ hash }) => hash);
      return (hashes.length === 0 ? createHash('sha256').digest() : hashes.reduceRight((right, left) => above(left, right))).toString('hex');
    },
  };
}

const above = (left: Buffer, right: Buffer): Buffer => createHash('sha256').update(NODE).update(left).update(right).digest();
