/**
 * Full text on SQLite. A step leaves its record's text in `search_waiting`; here many of them are taken into the index with one row of a later batch,
 * a record that changed several times only once. Who searches waits for that, and so finds all that was committed.
 */
import { every } from '../../clock.js';
import type { Reader } from '../database.js';
import { failure } from '../failures.js';
import { searchText } from '../reading/fold.js';
import type { IndexedWords } from '../rows.js';
import { forgettingIsDue, forgetWords } from './searchForgetting.js';
import type { Writer } from './writer.js';

export interface SearchIndexing {
  /** A text was committed. */
  noted(): void;
  /** Resolves when all that was committed before is in the index, or can not be brought there (then it waits on). */
  settle(): Promise<void>;
  /** Resolves when no word of a text that was replaced is left in the index. */
  forget(): Promise<void>;
  /** Looks for what an earlier process left behind. */
  begin(): Promise<void>;
  close(): Promise<void>;
}

export interface SearchIndexingParts {
  readonly reader: Reader;
  readonly writer: () => Pick<Writer, 'unit' | 'transact' | 'run'>;
}

/** Milliseconds a text waits at most before it is taken in, and texts after which it is not waited for. */
const patience = 500;
const enough = 1_000;
/** Texts in one unit: other steps of its batch wait for them. */
const piece = 32;

interface Waiting {
  readonly record: number;
  readonly version: number;
  readonly number: string;
  readonly text: string;
}

export function createSearchIndexing({ reader, writer }: SearchIndexingParts): SearchIndexing {
  let texts = 0;
  let running: Promise<void> | null = null;
  let stopLooking: (() => void) | null = null;

  function noted(): void {
    texts += 1;
    stopLooking ??= every(patience, () => void settle());
    if (texts % enough === 0) {
      void settle();
    }
  }

  /** What is under way may have read before the caller's text was there. */
  async function settle(): Promise<void> {
    await running;
    if (texts > 0) {
      running ??= takeAllIn().finally(() => {
        running = null;
      });
      await running;
    }
  }

  async function takeAllIn(): Promise<void> {
    const known = texts;
    try {
      for (let after = -1, last: Waiting | undefined; ; after = last.record) {
        const waiting = await reader.all<Waiting>(nextWaiting, [after, piece]);
        last = waiting.at(-1);
        if (!last) {
          break;
        }
        await writer().unit({ steps: [], idempotency: null, words: waiting.map(wordsOf) }, new Set(), async (_, cause) => failure(cause));
      }
    } catch {
      // The store can not be read or written at the moment, which whoever does so is told. The texts wait in their table.
      return;
    }
    texts -= known;
    if (texts === 0) {
      stopLooking?.();
      stopLooking = null;
    }
  }

  async function forget(): Promise<void> {
    await settle();
    await forgetWords(writer());
  }

  return {
    noted,
    settle,
    forget,
    async begin() {
      const left = await reader.all('SELECT 1 AS one FROM search_waiting LIMIT 1');
      if (left.length > 0) {
        noted();
      }
      if (await forgettingIsDue(reader)) {
        // A store that can not be written keeps the mark; the next start goes on.
        await forget().catch(() => undefined);
      }
    },
    async close() {
      await settle();
      stopLooking?.();
    },
  };
}

const nextWaiting =
  'SELECT w.record, w.version, r.number, w.text FROM search_waiting w JOIN records r ON r.key = w.record WHERE w.record > ? ORDER BY w.record LIMIT ?';

const wordsOf = ({ record, version, number, text }: Waiting): IndexedWords => ({ record, version, text: searchText(number, text) });
