/**
 * The closed catalogue of what can go wrong. A code is public, has one meaning and is never reused.
 * HTTP status codes live in `server/httpErrors.ts`, never here.
 */

interface CatalogueEntry {
  readonly message: string;
  readonly remedy: string;
}

export const catalogue = {
  MALFORMED: {
    message: 'What was sent could not be read.',
    remedy: 'Send well-formed JSON (or form data) without keys such as __proto__ and without control characters.',
  },
  QUERY_INVALID: { message: 'A query parameter is not valid.', remedy: 'Correct the parameter that is named.' },
  NOT_SIGNED_IN: { message: 'You are not signed in.', remedy: 'Sign in, or send a valid bearer token.' },
  SIGN_IN_FAILED: { message: 'The name or the password is wrong.', remedy: 'Check both and try again.' },
  FORBIDDEN: { message: 'Your roles do not allow this.', remedy: 'Ask someone who holds one of the roles that may do it.' },
  PROCESS_NOT_FOUND: { message: 'There is no such process.', remedy: 'Check the key against the list of processes.' },
  RECORD_NOT_FOUND: { message: 'There is no such record.', remedy: 'Check the number; you may also lack the right to see it.' },
  VERSION_NOT_FOUND: { message: 'There is no such definition version.', remedy: 'Check the version against the list of versions of the process.' },
  NOT_FOUND: { message: 'There is nothing at this address.', remedy: 'Check the address.' },
  VERSION_STALE: { message: 'Someone else changed the record in the meantime.', remedy: 'Look at what changed, then send again with the current version.' },
  EVENT_NOT_ACCEPTED: { message: 'The record does not accept this event in its present state.', remedy: 'Choose one of the events that are available now.' },
  RECORD_FINISHED: { message: 'The record is finished and takes no more steps.', remedy: 'Open a new record and link it to this one.' },
  EVENT_UNKNOWN: { message: 'The process has no such event.', remedy: 'Choose one of the events the process declares.' },
  EVENT_INTERNAL: { message: 'This event comes only from the engine.', remedy: 'Send one of the events people may send.' },
  DATA_INVALID: { message: 'Some of the data was refused.', remedy: 'Correct the fields that are named.' },
  GUARD_REFUSED: { message: 'A condition of this step is not met.', remedy: 'See which part of the rule is not met and mend that first.' },
  CHECK_REFUSED: { message: 'The record would not be coherent after this step.', remedy: 'Correct the fields that are named.' },
  RULE_FAILED: {
    message: 'A rule of the process could not be evaluated, so the step was not taken.',
    remedy: 'Tell the process owner which rule failed and with which values.',
  },
  ROLE_REFUSED: { message: 'You do not hold a role that may take this step.', remedy: 'Ask one of those who may.' },
  VOTE_REFUSED: { message: 'You are not entitled to vote here.', remedy: 'Only the voters of the open approval step may vote, each once.' },
  LINK_REFUSED: { message: 'This link is not possible.', remedy: 'Choose a link the process declares, and a record of a process it allows that you may see.' },
  SIGNAL_CIRCULAR: { message: 'Records signalled each other in a circle.', remedy: 'Break the circle in the definitions; the facts show its path.' },
  DEFINITION_FAULTY: {
    message: 'The definition has errors and was not published.',
    remedy: 'Mend the problems that are listed; the running version stays in force.',
  },
  DEFINITION_UNREADABLE: { message: 'The definition of this record could not be loaded.', remedy: 'Run charter verify and charter doctor.' },
  IDEMPOTENCY_MISMATCH: { message: 'This idempotency key was used before with another body.', remedy: 'Use a new key for a new request.' },
  TOO_LARGE: { message: 'What was sent is too large.', remedy: 'Send less at once; the facts name the limit.' },
  WRONG_TYPE: { message: 'This kind of content is not accepted here.', remedy: 'Send one of the types that are named.' },
  TOO_MANY: { message: 'Too many attempts.', remedy: 'Wait for the time that is named and try again.' },
  BUSY: { message: 'The server has more to do than it can take.', remedy: 'Try again after a moment.' },
  READ_ONLY: { message: 'The store can not be written at the moment.', remedy: 'Free disk space or restore write permission; nothing was lost.' },
  CONFIGURATION_INVALID: { message: 'A setting is not valid.', remedy: 'Correct the variable that is named.' },
  STORE_UNUSABLE: { message: 'The database can not be used.', remedy: 'See the facts for what is wrong with it.' },
  CUT_TOO_WIDE: {
    message: 'Entries that were recorded before the instant would be left out too: a clock had run ahead when one before them was recorded.',
    remedy: 'Name an instant after that one (`after`), or say that these entries may go as well (--also-earlier).',
  },
  STORE_DRIVER_MISSING: {
    message: 'No SQLite driver could be loaded.',
    remedy: 'Use Node 22.13 or newer, or install a C++ compiler and run npm rebuild sqlite3 --build-from-source.',
  },
  KEY_DIFFERS: {
    message: 'This database is used with another SECRET_KEY.',
    remedy:
      'Give every server of this database the same SECRET_KEY (without the variable it is read from secret.key in DATA_DIR). To change it on purpose, stop all servers and run charter key change.',
  },
  STORE_IN_USE: { message: 'Another server runs on this database.', remedy: 'Stop the other server, or use PostgreSQL for several.' },
  IMPORT_MAPPING_INVALID: { message: 'The mapping file is not valid.', remedy: 'Correct the places that are named.' },
  IMPORT_FILE_UNREADABLE: { message: 'The file to import can not be read.', remedy: 'Check the path, the compression and the encoding (UTF-8).' },
  HISTORY_DAMAGED: { message: 'The history does not verify.', remedy: 'Run charter verify; restore the damaged records from a backup.' },
  INTERNAL: { message: 'Something went wrong that should not have.', remedy: 'Try again; if it stays, give the request id to your administrator.' },
} as const satisfies Record<string, CatalogueEntry>;

export type ErrorCode = keyof typeof catalogue;

/** A field that was refused and why, in words for the person who filled it. */
export interface FieldProblem {
  readonly field: string;
  readonly message: string;
}

/** Every error the engine raises on purpose. `facts` says what and where; it is shown to people, so it holds no secrets. */
export class EngineError extends Error {
  readonly code: ErrorCode;
  readonly facts: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, facts: Readonly<Record<string, unknown>> = {}, options?: ErrorOptions) {
    super(catalogue[code].message, options);
    this.name = 'EngineError';
    this.code = code;
    this.facts = facts;
  }

  get remedy(): string {
    return catalogue[this.code].remedy;
  }
}
