/** What checkpoints seal together: each keeps only the heads that differ from what the ones before it sealed. */
import { type HeadText, headsIn } from './checkpoint.js';
import { EarlierHeads, type HeadPage, HeadPages } from './headPages.js';

export interface MergedRoot {
  readonly records: number;
  readonly root: string;
}

/** Whether a checkpoint seals nothing but the heads it keeps itself: those of earlier versions did, and so does the first of each series. Throws where they cannot be read. */
export function standsAlone(heads: string, records: number): boolean {
  let [count, gone] = [0, false];
  for (const { sequence } of headsIn(heads)) {
    count += 1;
    gone ||= sequence === 0;
  }
  return count === records && !gone;
}

/**
 * All heads up to a checkpoint, ordered by record, as text: objects for a million of them would take a multiple of it. They lie in pages of which the
 * hashes are known, so that only pages in which something changed are read again.
 */
export class MergedHeads {
  #pages: HeadPage[] = [];

  /**
   * Puts the heads of the next checkpoint over those there are, or in their place. Yields the heads that were not there before, and those that are there
   * still and `suspect`; returns what all give together.
   */
  *merge(heads: string, { alone, suspect }: { readonly alone: boolean; readonly suspect: ReadonlySet<string> }): Generator<HeadText, MergedRoot> {
    const pages = new HeadPages();
    const earlier = new EarlierHeads(this.#pages);
    function* stay(before: string | null): Generator<HeadText> {
      for (let old = earlier.head; old !== null && (before === null || old.record < before); old = earlier.head) {
        const page = earlier.pageAhead();
        if (page && !alone && suspect.size === 0 && (before === null || page.last < before) && pages.adopt(page)) {
          earlier.nextPage();
          continue;
        }
        earlier.next();
        if (alone) continue;
        pages.add(old);
        if (suspect.has(old.text)) yield old;
      }
    }
    for (const head of headsIn(heads)) {
      yield* stay(head.record);
      const before = earlier.head?.record === head.record ? earlier.head.text : null;
      if (before !== null) earlier.next();
      // Its record was gone when this was sealed.
      if (head.sequence === 0) continue;
      pages.add(head);
      if (before !== head.text || suspect.has(head.text)) yield head;
    }
    yield* stay(null);
    const { records, root, all } = pages.end();
    this.#pages = all;
    return { records, root };
  }

  text(): string {
    return `[${this.#pages.map(({ text }) => text).join(',')}]`;
  }
}
