/** PostgreSQL's error codes (its manual, appendix A) and those of the network, sorted by what they mean here. */
import type { Fault } from '../failures.js';

const lostByNetwork = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENETDOWN', 'EAI_AGAIN']);
const lostByWords =
  /Connection terminated|connection error and is not queryable|Client was closed|server closed the connection|Connection timed out|timeout expired/i;

const byCode: Readonly<Record<string, Fault>> = {
  '53100': 'read-only',
  '25006': 'read-only',
  '58030': 'read-only',
  '42501': 'read-only',
  '53200': 'memory',
  '53300': 'busy',
  '55P03': 'busy',
  '57014': 'busy',
  '40001': 'crossed',
  '40P01': 'crossed',
  '57P01': 'lost',
  '57P02': 'lost',
  '57P03': 'lost',
  '57P05': 'lost',
  XX001: 'damaged',
  XX002: 'damaged',
};

interface Raised {
  readonly code: string;
  readonly message: string;
}

/** Sequelize wraps what its pool meets. */
function raised(cause: unknown): Raised {
  const wrapped = cause as { parent?: unknown; original?: unknown; errors?: readonly unknown[] } | null;
  const inner = (wrapped?.parent ?? wrapped?.original ?? wrapped?.errors?.[0] ?? cause) as { code?: unknown; message?: unknown } | null;
  return { code: typeof inner?.code === 'string' ? inner.code : '', message: typeof inner?.message === 'string' ? inner.message : String(cause) };
}

/** Null for what concerns one statement only, and for errors that are not PostgreSQL's. */
export function postgresFault(cause: unknown): Fault | null {
  const { code, message } = raised(cause);
  if (lostByNetwork.has(code) || code.startsWith('08') || lostByWords.test(message)) {
    return 'lost';
  }
  if ((cause as { name?: unknown } | null)?.name === 'SequelizeConnectionAcquireTimeoutError') {
    return 'busy';
  }
  return byCode[code] ?? null;
}

const sentences: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'No PostgreSQL answers there. Check that it runs, and the host and port in DATABASE_URL.',
  ENOTFOUND: 'There is no such host.',
  '28P01': 'PostgreSQL refuses the user or password.',
  '28000': 'PostgreSQL refuses the user.',
  '3D000': 'There is no such database. Create it first.',
  '42501': 'The user has no right to do this in the database.',
  '53100': 'There is no space left on the disk of PostgreSQL.',
  '53300': 'PostgreSQL has no connection left for Charter.',
  '25006': 'PostgreSQL takes no writes: it is a replica, or was set to read only.',
  '57014': 'The query took too long.',
};

/** A sentence for what an administrator can mend, or null. */
export function postgresSentence(cause: unknown): string | null {
  const { code } = raised(cause);
  return sentences[code] ?? (postgresFault(cause) === 'lost' ? 'PostgreSQL can not be reached.' : null);
}
