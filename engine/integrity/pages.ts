/** Texts of heads gathered in large pieces: a hundred thousand small ones would stay in memory long after they are needed. */

/** Heads in one piece of text. */
const TOGETHER = 1_000;

export class Pages {
  readonly #pages: string[] = [];
  #texts: string[] = [];

  add(text: string): void {
    this.#texts.push(text);
    if (this.#texts.length === TOGETHER) this.#turn();
  }

  /** In their order, each the texts of many heads with commas between. */
  all(): string[] {
    if (this.#texts.length > 0) this.#turn();
    return this.#pages;
  }

  #turn(): void {
    this.#pages.push(this.#texts.join(','));
    this.#texts = [];
  }
}
