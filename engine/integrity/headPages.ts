/** Heads in pages, each with the part of the Merkle tree that lies over it. */
import { type HeadText, headsIn } from './checkpoint.js';
import { createTree, type Subtree } from './tree.js';

/** Heads in a full page: a power of two, so that a page is a subtree wherever only full ones lie before it. */
const FULL = 1_024;

export interface HeadPage {
  /** With commas between. */
  readonly text: string;
  readonly count: number;
  readonly last: string;
  readonly subtrees: readonly Subtree[];
}

/** Pages as they are made. */
export class HeadPages {
  readonly #tree = createTree();
  readonly #all: HeadPage[] = [];
  #page = createTree();
  #texts: string[] = [];
  #last = '';
  #records = 0;

  add({ record, text }: HeadText): void {
    this.#page.add(text);
    this.#texts.push(text);
    this.#last = record;
    if (this.#texts.length === FULL) this.#turn();
  }

  /** Takes a page as it is; false where it would not lie where a page begins. */
  adopt(page: HeadPage): boolean {
    if (this.#texts.length > 0 || page.count < FULL) return false;
    this.#put(page);
    return true;
  }

  end(): { readonly records: number; readonly root: string; readonly all: HeadPage[] } {
    if (this.#texts.length > 0) this.#turn();
    return { records: this.#records, root: this.#tree.root(), all: this.#all };
  }

  #turn(): void {
    // A piece of a longer text would keep all of that in memory.
    const last = Buffer.from(this.#last).toString();
    this.#put({ text: this.#texts.join(','), count: this.#texts.length, last, subtrees: this.#page.subtrees() });
    this.#page = createTree();
    this.#texts = [];
  }

  #put(page: HeadPage): void {
    this.#all.push(page);
    this.#records += page.count;
    this.#tree.graft(page.subtrees);
  }
}

/** Reads pages one after another and lets go of each once it was read. */
export class EarlierHeads {
  /** The next head; null at the end. */
  head: HeadText | null = null;
  readonly #pages: HeadPage[];
  #page: HeadPage | null = null;
  #heads: Generator<HeadText> | null = null;
  #begun = false;

  constructor(pages: readonly HeadPage[]) {
    this.#pages = [...pages].reverse();
    this.nextPage();
  }

  /** The page that begins with the next head. */
  pageAhead(): HeadPage | null {
    return this.#begun ? null : this.#page;
  }

  next(): void {
    const next = this.#heads?.next();
    this.#begun = true;
    if (!next || next.done) this.nextPage();
    else this.head = next.value;
  }

  nextPage(): void {
    this.#page = this.#pages.pop() ?? null;
    this.#heads = this.#page && headsIn(`[${this.#page.text}]`);
    this.#begun = false;
    const first = this.#heads?.next();
    this.head = first && !first.done ? first.value : null;
  }
}
