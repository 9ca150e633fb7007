/** The Merkle tree of RFC 6962, section 2.1, in one run of bytes: a million leaves take 32 MB while it is made. */
import { createHash } from 'node:crypto';

const WIDTH = 32;
const LEAF = Buffer.from([0]);
const NODE = Buffer.from([1]);

export interface Tree {
  /** One more leaf. */
  add(text: string): void;
  /** The root over all leaves, as hex; nothing is added afterwards. */
  root(): string;
}

export function createTree(): Tree {
  let hashes = Buffer.alloc(WIDTH * 64);
  let count = 0;
  return {
    add(text) {
      if (count * WIDTH === hashes.length) hashes = Buffer.concat([hashes, Buffer.alloc(hashes.length)]);
      createHash('sha256')
        .update(LEAF)
        .update(text)
        .digest()
        .copy(hashes, count * WIDTH);
      count += 1;
    },
    root() {
      if (count === 0) return createHash('sha256').digest('hex');
      for (let width = count; width > 1; width = Math.ceil(width / 2)) raise(hashes, width);
      return hashes.toString('hex', 0, WIDTH);
    },
  };
}

/** Puts the level above into the beginning of the same bytes; a node without a neighbour goes up as it is. */
function raise(hashes: Buffer, width: number): void {
  for (let index = 0; index < width; index += 2) {
    const pair = hashes.subarray(index * WIDTH, Math.min(index + 2, width) * WIDTH);
    const above = pair.length === WIDTH ? pair : createHash('sha256').update(NODE).update(pair).digest();
    above.copy(hashes, (index / 2) * WIDTH);
  }
}
