/** What a driver's error means to the rest of the product. */
import { EngineError } from '../errors.js';
import { postgresFault, postgresSentence } from './postgres/faults.js';

/** The text by which the write statement says that a guarded row had moved. */
export const movedMark = 'charter: moved';

/**
 * What concerns more than one statement. `read-only`: can be read but not written (no space, no permission, a failing disk); `lost`: the database can
 * not be reached, and what was under way may or may not have happened; `crossed`: took turns with another writer and may simply be tried again.
 */
export type Fault = 'read-only' | 'busy' | 'damaged' | 'memory' | 'lost' | 'crossed';

const sqliteFaults: Readonly<Record<string, Fault>> = {
  SQLITE_FULL: 'read-only',
  SQLITE_READONLY: 'read-only',
  SQLITE_IOERR: 'read-only',
  SQLITE_CANTOPEN: 'read-only',
  SQLITE_PERM: 'read-only',
  SQLITE_BUSY: 'busy',
  SQLITE_LOCKED: 'busy',
  SQLITE_CORRUPT: 'damaged',
  SQLITE_NOTADB: 'damaged',
  SQLITE_NOMEM: 'memory',
};

/** SQLite's primary result code (`SQLITE_BUSY`), or null if the error is not SQLite's. */
export function sqliteCode(cause: unknown): string | null {
  const seen = cause instanceof Error && 'original' in cause ? (cause as { original: unknown }).original : cause;
  const code = (seen as { code?: unknown } | null)?.code;
  return typeof code === 'string' && code.startsWith('SQLITE_') ? code : null;
}

/** Null for the fault of one job: a constraint, a moved version, an error of its own. */
export function faultOf(cause: unknown): Fault | null {
  if (cause instanceof EngineError) {
    return cause.code === 'READ_ONLY' ? 'read-only' : null;
  }
  const code = sqliteCode(cause);
  return code === null ? postgresFault(cause) : (sqliteFaults[code] ?? null);
}

export function isMoved(cause: unknown): boolean {
  return cause instanceof Error && cause.message.includes(movedMark);
}

const sentences: Readonly<Record<string, string>> = {
  SQLITE_NOTADB: 'The file is not a SQLite database.',
  SQLITE_CORRUPT: 'The database file is damaged. Restore it from a backup.',
  SQLITE_CANTOPEN: 'The file can not be opened. Check that it and its folder can be read and written.',
  SQLITE_READONLY: 'The file or its folder is read-only.',
  SQLITE_PERM: 'Permission to use the file was denied.',
  SQLITE_FULL: 'There is no space left on the disk.',
  SQLITE_IOERR: 'Reading or writing the disk failed.',
  SQLITE_BUSY: 'Another program keeps the database locked.',
};

/** The EngineError for a failed opening of `path`. */
export function openingFailure(path: string, cause: unknown): EngineError {
  if (cause instanceof EngineError) {
    return cause;
  }
  const code = sqliteCode(cause);
  const reason = (code === null ? postgresSentence(cause) : sentences[code]) ?? `It could not be opened (${code ?? messageOf(cause)}).`;
  return new EngineError('STORE_UNUSABLE', { path, reason }, { cause });
}

/** The EngineError for a failed statement. */
export function failure(cause: unknown): EngineError {
  if (cause instanceof EngineError) {
    return cause;
  }
  const code = sqliteCode(cause);
  const reason = (code === null ? postgresSentence(cause) : sentences[code]) ?? code ?? messageOf(cause);
  switch (faultOf(cause)) {
    case 'read-only':
      return new EngineError('READ_ONLY', { reason }, { cause });
    case 'busy':
    case 'lost':
    case 'crossed':
      return new EngineError('BUSY', { reason }, { cause });
    case 'damaged':
      return new EngineError('STORE_UNUSABLE', { reason }, { cause });
    default:
      return new EngineError('INTERNAL', { part: 'store', reason: messageOf(cause) }, { cause });
  }
}

/** The table whose unique key a write violated, or null: `records`, `history`, `idempotency`, `outbox`, … */
export function violatedTable(cause: unknown): string | null {
  const { code, table, message = '' } = (cause ?? {}) as { code?: unknown; table?: unknown; message?: string };
  if (code === '23505' && typeof table === 'string') {
    // A record's rows, and partitions of the history.
    return /^(records?|history)(?=_)/.exec(table.replace(/^record_/, 'records_'))?.[0] ?? table;
  }
  return /UNIQUE constraint failed: (\w+)\./.exec(message)?.[1] ?? null;
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
