/** What a `postgres://…` address says, as Sequelize wants it, and how it is shown without its password. */
import { EngineError } from '../../errors.js';

export interface Address {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
  readonly database: string;
  readonly ssl: boolean | { readonly rejectUnauthorized: boolean };
}

const usualPort = 5432;

/** libpq's `sslmode`: a certificate is checked unless the address says that it is not to be. */
const sslModes: Readonly<Record<string, Address['ssl']>> = {
  disable: false,
  'no-verify': { rejectUnauthorized: false },
  require: true,
  'verify-ca': true,
  'verify-full': true,
};

/** Throws STORE_UNUSABLE for what is no such address. */
export function addressOf(url: string): Address {
  const refuse = (reason: string): never => {
    throw new EngineError('STORE_UNUSABLE', { path: 'postgres://…', reason });
  };
  if (!URL.canParse(url)) {
    return refuse('The address must read postgres://user:password@host:5432/database.');
  }
  const { hostname, port, username, password, pathname, searchParams } = new URL(url);
  const database = decodeURIComponent(pathname.slice(1));
  const mode = searchParams.get('sslmode') ?? 'disable';
  const ssl = sslModes[mode];
  if (database === '') {
    return refuse('The address names no database.');
  }
  if (ssl === undefined) {
    return refuse(`sslmode must be one of ${Object.keys(sslModes).join(', ')}.`);
  }
  return {
    // A folder: the socket in it.
    host: searchParams.get('host') ?? decodeURIComponent(hostname),
    port: port === '' ? usualPort : Number(port),
    username: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database,
    ssl,
  };
}

/** Whether what is said to it can be read on the way. */
export const inClear = ({ host, ssl }: Address): boolean => ssl === false && !host.startsWith('/') && !/^(?:localhost|127(?:\.\d+){3}|\[?::1\]?)$/.test(host);

export const shown = ({ host, port, database }: Address): string => `postgres://${host}:${port}/${database}`;
