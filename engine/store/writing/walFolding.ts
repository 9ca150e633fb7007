/**
 * Folds SQLite's write-ahead log back into the file. Left to itself SQLite does it within a commit, and all who wait for that batch wait for it too.
 * Here a connection of its own copies most of it while others write; what came meanwhile is little, is copied between two batches, and the log begins anew.
 */
import { every } from '../../clock.js';
import type { Connection } from '../connection.js';
import type { WrittenBatch } from '../options.js';

export interface WalFolding {
  /** A batch was written. */
  written(batch: WrittenBatch): void;
  close(): Promise<void>;
}

export interface FoldedConnections {
  readonly writer: Connection;
  /** Opens the one that copies meanwhile; it is used for nothing else. */
  readonly open: () => Promise<Connection>;
}

/** Milliseconds between looking whether there is enough. */
const interval = 500;
/** Pages in the log from which on folding pays: hot ones are then copied once for many commits. */
const enoughPages = 4_000;
/** Pages that a batch, and each job in it, was measured to write; only to know when to look. */
const pagesOfBatch = 15;
const pagesOfJob = 2.5;

/** SQLite's answer: pages in the log, and how many of them are in the file by now. */
interface Folded {
  readonly log: number;
  readonly checkpointed: number;
}

const fold = 'PRAGMA wal_checkpoint(PASSIVE)';

export function createWalFolding({ writer, open }: FoldedConnections): WalFolding {
  let pages = 0;
  let running: Promise<void> | null = null;
  let opened: Promise<Connection> | null = null;
  const stop = every(interval, () => {
    if (pages >= enoughPages) {
      running ??= foldAway().finally(() => {
        running = null;
      });
    }
  });

  /** What fails is tried again the next time; SQLite itself folds when the log has grown tenfold. */
  async function foldAway(): Promise<void> {
    pages = 0;
    try {
      opened ??= open();
      const beside = await opened;
      // Twice: what came during the first time is copied in a fraction of it.
      await beside.all<Folded>(fold);
      await beside.all<Folded>(fold);
      // Refused while a batch of several statements is under way.
      await writer.all<Folded>(fold);
    } catch {
      pages = enoughPages;
    }
  }

  return {
    written({ jobs, failed }) {
      pages += failed ? 0 : pagesOfBatch + jobs * pagesOfJob;
    },
    async close() {
      stop();
      await running;
      await (await opened)?.close();
    },
  };
}
