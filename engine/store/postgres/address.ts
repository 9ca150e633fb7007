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

const known = ['host', 'sslmode'];

/** Throws STORE_UNUSABLE for what is no such address. */
export function addressOf(url: string): Address {
  const parts = partsOf(url);
  if (parts === null) {
    return refuse('The address must read postgres://user:password@host:5432/database; what is special in a part of it is written as %XX.');
  }
  const { asked, ...plain } = parts;
  const unknown = [...asked.keys()].find((name) => !known.includes(name));
  if (unknown !== undefined) {
    return refuse(
      unknown === 'sslrootcert'
        ? 'The address has sslrootcert: name that file in the environment as NODE_EXTRA_CA_CERTS instead.'
        : `The address has ${unknown}, which means nothing here. It may have ${known.join(' and ')}.`,
    );
  }
  const ssl = sslModes[asked.get('sslmode') ?? 'disable'];
  if (plain.database === '') {
    return refuse('The address names no database.');
  }
  if (ssl === undefined) {
    return refuse(`sslmode must be one of ${Object.keys(sslModes).join(', ')}.`);
  }
  return { ...plain, ssl };
}

function refuse(reason: string): never {
  throw new EngineError('STORE_UNUSABLE', { path: 'postgres://…', reason });
}

/** Null for what can not be taken apart. */
function partsOf(url: string): (Omit<Address, 'ssl'> & { readonly asked: URLSearchParams }) | null {
  if (!URL.canParse(url)) {
    return null;
  }
  const { hostname, port, username, password, pathname, searchParams } = new URL(url);
  try {
    return {
      // A folder: the socket in it.
      host: searchParams.get('host') ?? decodeURIComponent(hostname).replace(/^\[|\]$/g, ''),
      port: port === '' ? usualPort : Number(port),
      username: decodeURIComponent(username),
      password: decodeURIComponent(password),
      database: decodeURIComponent(pathname.slice(1)),
      asked: searchParams,
    };
  } catch {
    return null;
  }
}

/** Whether what is said to it can be read on the way. */
export const inClear = ({ host, ssl }: Address): boolean => ssl === false && !host.startsWith('/') && !/^(?:localhost|127(?:\.\d+){3}|::1)$/.test(host);

export const shown = ({ host, port, database }: Address): string => `postgres://${host}:${port}/${database}`;
