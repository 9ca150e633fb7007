/** What a form sent: names with one text each, or several where the reader of the form says so. */
import { EngineError } from '../../engine/index.js';

export interface UploadedFile {
  readonly name: string;
  readonly type: string;
  readonly content: Uint8Array;
}

/** Control characters but tab, line feed and carriage return; never meant by anyone who fills a form. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/u;

export class FormBody {
  readonly file: UploadedFile | null;
  readonly #values: ReadonlyMap<string, readonly string[]>;

  constructor(values: ReadonlyMap<string, readonly string[]> = new Map(), file: UploadedFile | null = null) {
    for (const [name, texts] of values) {
      if (name === '__proto__' || name === 'constructor' || name === 'prototype') throw new EngineError('MALFORMED', { name });
      for (const text of texts) {
        if (control.test(text) || !isWellFormed(text)) throw new EngineError('MALFORMED', { name, reason: 'It holds characters that are not text.' });
      }
    }
    this.#values = values;
    this.file = file;
  }

  /** The text under this name, or an empty one. Throws MALFORMED when it was sent more than once. */
  text(name: string): string {
    const texts = this.#values.get(name) ?? [];
    if (texts.length > 1) throw new EngineError('MALFORMED', { name, reason: 'It was sent more than once.' });
    return (texts[0] ?? '').replaceAll('\r\n', '\n');
  }

  /** All texts under this name. */
  all(name: string): readonly string[] {
    return (this.#values.get(name) ?? []).map((text) => text.replaceAll('\r\n', '\n'));
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** The same form without these fields (and what belongs to them: `f.tasks` and `f.tasks.0.title`). */
  without(fields: readonly string[]): FormBody {
    const gone = (name: string): boolean => fields.some((field) => name === field || name.startsWith(`${field}.`));
    return new FormBody(new Map([...this.#values].filter(([name]) => !gone(name))), this.file);
  }

  names(): readonly string[] {
    return [...this.#values.keys()];
  }

  /** What was sent but for names that begin with an underscore (tokens): the same for a form sent twice. */
  content(): readonly (readonly [string, readonly string[]])[] {
    return [...this.#values].filter(([name]) => !name.startsWith('_')).sort(([a], [b]) => (a < b ? -1 : 1));
  }
}

/** Whether the text has no lone surrogates. */
export function isWellFormed(text: string): boolean {
  return !/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(text);
}
