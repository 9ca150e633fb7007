/** The parts of a store that are the same over any database. */
import type { Clock } from '../clock.js';
import type { Reader } from './database.js';
import type { Dialect } from './dialect/dialect.js';
import { createDefinitions } from './tables/definitions.js';
import { createHistory } from './tables/history.js';
import { createLimits } from './tables/limits.js';
import { createMeta } from './tables/meta.js';
import { createPeople } from './tables/people.js';
import { createQueue } from './tables/queue.js';
import { createRecords } from './tables/records.js';
import type { Store } from './types.js';
import type { SearchIndexing } from './writing/searchIndexing.js';
import type { Writer } from './writing/writer.js';

export interface Sources {
  /** Sees everything that was committed. */
  readonly reader: Reader;
  /** For lists and reports: may be a replica. */
  readonly lists: Reader;
  /** For small writes that should not wait for the batch: numbers, claims. Null where one connection writes. */
  readonly beside: Reader | null;
  readonly writer: Writer;
  readonly dialect: Dialect;
  readonly clock: Clock;
  /** Full text that is held beside its row; null where it is a part of it. */
  readonly indexing: SearchIndexing | null;
}

type Parts = Omit<Store, 'driver' | 'settings' | 'backup' | 'historyArchive' | 'close' | 'onNews'>;

export function assemble(sources: Sources): Parts {
  const { reader, writer, dialect } = sources;
  return {
    dialect: dialect.name,
    records: createRecords(sources),
    history: createHistory(sources),
    queue: createQueue(sources),
    definitions: createDefinitions(reader, writer),
    people: createPeople(reader, writer),
    limits: createLimits(sources),
    readOnly: writer.readOnly,
    waiting: writer.waiting,
    ...createMeta(reader, writer),
  };
}
