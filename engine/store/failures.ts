/** What a driver's error means to the rest of the product. */
import { EngineError } from '../errors.js';

/** The text by which the write statement says that a guarded row had moved. */
export const movedMark = 'charter: moved';

/** SQLite's primary result code (`SQLITE_BUSY`), or null if the error is not SQLite's. */
export function sqliteCode(cause: unknown): string | null {
  const seen = cause instanceof Error && 'original' in cause ? (cause as { original: unknown }).original : cause;
  const code = (seen as { code?: unknown } | null)?.code;
  return typeof code === 'string' && code.startsWith('SQLITE_') ? code : null;
}

/** The store can be read but not written: no space, no permission, a failing disk. */
export function stopsWriting(cause: unknown): boolean {
  return (
    (cause instanceof EngineError && cause.code === 'READ_ONLY') ||
    ['SQLITE_FULL', 'SQLITE_READONLY', 'SQLITE_IOERR', 'SQLITE_CANTOPEN', 'SQLITE_PERM'].includes(sqliteCode(cause) ?? '')
  );
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
  const reason = (code && sentences[code]) ?? `It could not be opened (${code ?? messageOf(cause)}).`;
  return new EngineError('STORE_UNUSABLE', { path, reason }, { cause });
}

/** The EngineError for a failed statement. */
export function failure(cause: unknown): EngineError {
  if (cause instanceof EngineError) {
    return cause;
  }
  const code = sqliteCode(cause);
  if (stopsWriting(cause)) {
    return new EngineError('READ_ONLY', { reason: sentences[code ?? ''] ?? code }, { cause });
  }
  if (code === 'SQLITE_BUSY' || code === 'SQLITE_LOCKED') {
    return new EngineError('BUSY', { reason: sentences.SQLITE_BUSY }, { cause });
  }
  if (code === 'SQLITE_CORRUPT' || code === 'SQLITE_NOTADB') {
    return new EngineError('STORE_UNUSABLE', { reason: sentences[code] }, { cause });
  }
  return new EngineError('INTERNAL', { part: 'store', reason: messageOf(cause) }, { cause });
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
