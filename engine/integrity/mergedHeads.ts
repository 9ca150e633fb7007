/** What checkpoints seal together: each keeps only the heads that differ from what the ones before it sealed. */
import { type HeadText, headsIn } from './checkpoint.js';
import { Pages } from './pages.js';
import { createTree } from './tree.js';

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

/** All heads up to a checkpoint, ordered by record, as text: objects for a million of them would take a multiple of it. */
export class MergedHeads {
  #pages: string[] = [];

  /**
   * Puts the heads of the next checkpoint over those there are, or in their place. Yields the heads that were not there before, and those that are there
   * still and `suspect`; returns what all give together.
   */
  *merge(heads: string, { alone, suspect }: { readonly alone: boolean; readonly suspect: ReadonlySet<string> }): Generator<HeadText, MergedRoot> {
    const tree = createTree();
    const pages = new Pages();
    let records = 0;
    const keep = (text: string): void => {
      tree.add(text);
      pages.add(text);
      records += 1;
    };
    const earlier = released(this.#pages);
    let old = earlier.next();
    function* stay(before: string | null): Generator<HeadText> {
      for (; !old.done && (before === null || old.value.record < before); old = earlier.next()) {
        if (alone) continue;
        keep(old.value.text);
        if (suspect.size > 0 && suspect.has(old.value.text)) yield old.value;
      }
    }
    for (const head of headsIn(heads)) {
      yield* stay(head.record);
      const before = !old.done && old.value.record === head.record ? old.value.text : null;
      if (before !== null) old = earlier.next();
      // Its record was gone when this was sealed.
      if (head.sequence === 0) continue;
      keep(head.text);
      if (before !== head.text || suspect.has(head.text)) yield head;
    }
    yield* stay(null);
    this.#pages = pages.all();
    return { records, root: tree.root() };
  }

  text(): string {
    return `[${this.#pages.join(',')}]`;
  }
}

/** Lets go of each page once it was read. */
function* released(pages: string[]): Generator<HeadText> {
  for (const [place, page] of pages.entries()) {
    pages[place] = '';
    yield* headsIn(`[${page}]`);
  }
}
