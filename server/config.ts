/** The only reader of the environment. Everything is read once, checked, frozen and handed over. */

import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { EngineError } from '../engine/index.js';
import { root } from './web/paths.js';

export interface Config {
  readonly port: number;
  readonly host: string;
  /** Origin under which people reach this server, without a trailing slash. */
  readonly publicUrl: string;
  readonly secure: boolean;
  readonly databaseUrl: string;
  /** Replicas of a PostgreSQL that lists and reports may read. */
  readonly databaseReplicaUrls: readonly string[];
  /** Connections to a PostgreSQL at most; null: as many as usual. */
  readonly databaseConnections: number | null;
  readonly dataDir: string;
  readonly processesDir: string;
  readonly rulesDir: string;
  readonly secretKey: string;
  readonly smtpUrl: string | null;
  /** What Express takes for `trust proxy`. */
  readonly trustProxy: false | number | string;
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
  readonly clock: 'system' | 'manual';
  /** Requests worked on at once; beyond it callers are told to come again. */
  readonly maxRequests: number;
  /** Where traces go (OTLP over HTTP); null when nobody asked for them. */
  readonly tracesEndpoint: string | null;
  /** How long requests are still taken after the order to stop, so that whoever sends them notices. */
  readonly drainSeconds: number;
  /** Unknown variables that look like ours, for a warning. */
  readonly unknown: readonly string[];
}

type Environment = { readonly [name: string]: string | undefined };

const port = z
  .string()
  .regex(/^\d{1,5}$/u, 'must be a whole number')
  .transform(Number)
  .refine((value) => value <= 65_535, 'must be 0 to 65535');
const url = (protocols: string) =>
  z
    .string()
    .regex(new RegExp(`^(?:${protocols})://[^\\s]+$`, 'u'), `must be an address that begins with ${protocols.replaceAll('|', ' or ').replace('s?', '(s)')}://`);

const folder = z
  .string()
  .min(1)
  .refine((path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true, 'must name a folder that exists');

const variables = z.object({
  PORT: port.default(3000),
  HOST: z
    .string()
    .regex(/^[a-zA-Z0-9.:_-]+$/u, 'must be a host name or an address')
    .default('127.0.0.1'),
  PUBLIC_URL: url('https?').optional(),
  DATABASE_URL: z
    .string()
    .regex(/^(?:sqlite:.+|postgres(?:ql)?:\/\/.+)$/u, 'must begin with sqlite: or postgres://')
    .optional(),
  DATABASE_REPLICA_URLS: z
    .string()
    .regex(/^postgres(?:ql)?:\/\/[^\s,]+(?:\s*,\s*postgres(?:ql)?:\/\/[^\s,]+)*$/u, 'must be addresses that begin with postgres://, with commas between')
    .transform((addresses) => addresses.split(',').map((address) => address.trim()))
    .optional(),
  DATABASE_CONNECTIONS: z
    .string()
    .regex(/^(?:[2-9]|[1-9]\d{1,2})$/u, 'must be a whole number from 2 to 999')
    .transform(Number)
    .optional(),
  DATA_DIR: z.string().min(1).default('./data'),
  PROCESSES_DIR: folder.optional(),
  RULES_DIR: folder.optional(),
  SECRET_KEY: z.string().min(32, 'must have at least 32 characters').optional(),
  SMTP_URL: url('smtps?').optional(),
  TRUST_PROXY: z
    .string()
    .regex(
      /^(?:\d{1,2}|(?:[0-9a-fA-F.:/]+|loopback|linklocal|uniquelocal)(?:\s*,\s*(?:[0-9a-fA-F.:/]+|loopback|linklocal|uniquelocal))*)$/u,
      'must be a number of proxies or a list of their addresses',
    )
    .optional(),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], { error: 'must be one of fatal, error, warn, info, debug, trace, silent' })
    .default('info'),
  MAX_REQUESTS: z
    .string()
    .regex(/^[1-9]\d{0,4}$/u, 'must be a whole number from 1 to 99999')
    .transform(Number)
    .default(256),
  CHARTER_CLOCK: z.enum(['system', 'manual'], { error: 'must be system or manual' }).default('system'),
  DRAIN_SECONDS: z
    .string()
    .regex(/^\d{1,3}$/u, 'must be a whole number of seconds, at most 999')
    .transform(Number)
    .default(0),
  // Those of OpenTelemetry that decide whether there are traces and where they go; its SDK reads the others (headers, sampler, resource).
  OTEL_EXPORTER_OTLP_ENDPOINT: url('https?').optional(),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: url('https?').optional(),
  OTEL_EXPORTER_OTLP_PROTOCOL: z
    .string()
    .regex(/^http\//u, 'must be http/json: traces are sent over HTTP only')
    .optional(),
  OTEL_TRACES_EXPORTER: z.enum(['otlp', 'none'], { error: 'must be otlp or none' }).optional(),
  OTEL_SDK_DISABLED: z.string().optional(),
});

const secrets = ['SECRET_KEY', 'DATABASE_URL', 'DATABASE_REPLICA_URLS', 'SMTP_URL'] as const;
const known = new Set<string>([...Object.keys(variables.shape), ...secrets.map((name) => `${name}_FILE`)]);

function refuse(variable: string, reason: string): never {
  throw new EngineError('CONFIGURATION_INVALID', { variable, reason });
}

/** `NAME_FILE` names a file that holds the secret; giving both is a mistake, since nobody could say which counts. */
function withSecretFiles(environment: Environment): Environment {
  const read: Record<string, string | undefined> = {};
  for (const name of secrets) {
    const file = environment[`${name}_FILE`];
    if (!file) continue;
    if (environment[name]) refuse(`${name}_FILE`, `stands beside ${name}; set only one of them`);
    try {
      read[name] = readFileSync(file, 'utf8').trim();
    } catch {
      refuse(`${name}_FILE`, `names the file ${file}, which can not be read`);
    }
  }
  return { ...environment, ...read };
}

/** The key that signs cookies and checkpoints: given, kept from before, or made now and kept for the owner alone. */
function secretKey(dataDir: string, given: string | undefined): string {
  if (given) return given;
  const file = join(dataDir, 'secret.key');
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    if (!existsSync(file)) writeFileSync(file, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
    chmodSync(file, 0o600);
    const key = readFileSync(file, 'utf8').trim();
    if (key.length >= 32) return key;
  } catch (error) {
    refuse('DATA_DIR', `is ${dataDir}, where the secret key can not be kept (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'})`);
  }
  return refuse('SECRET_KEY', `is kept in ${file}, which is damaged`);
}

function present(environment: Environment): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''));
}

/**
 * Reads and checks the environment; makes `DATA_DIR` and the secret key when absent.
 * @throws EngineError CONFIGURATION_INVALID naming the variable and what is wrong with it.
 */
export function readConfig(environment: Environment = process.env): Config {
  const given = withSecretFiles(present(environment));
  const parsed = variables.safeParse(given);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return refuse(String(issue?.path[0] ?? 'environment'), issue?.message ?? 'is not valid');
  }
  const values = parsed.data;
  if (values.DATABASE_REPLICA_URLS && !values.DATABASE_URL?.startsWith('postgres'))
    return refuse('DATABASE_REPLICA_URLS', 'names replicas, but DATABASE_URL names no PostgreSQL');
  const dataDir = resolve(values.DATA_DIR);
  const host = values.HOST.includes(':') ? `[${values.HOST}]` : values.HOST;
  const publicUrl = values.PUBLIC_URL ? new URL(values.PUBLIC_URL).origin : `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${values.PORT}`;
  return Object.freeze({
    port: values.PORT,
    host: values.HOST,
    publicUrl,
    secure: publicUrl.startsWith('https:'),
    databaseUrl: values.DATABASE_URL ?? `sqlite:${join(dataDir, 'charter.sqlite')}`,
    databaseReplicaUrls: values.DATABASE_REPLICA_URLS ?? [],
    databaseConnections: values.DATABASE_CONNECTIONS ?? null,
    dataDir,
    processesDir: resolve(values.PROCESSES_DIR ?? join(root, 'processes')),
    rulesDir: resolve(values.RULES_DIR ?? join(root, 'rules')),
    secretKey: secretKey(dataDir, values.SECRET_KEY),
    smtpUrl: values.SMTP_URL ?? null,
    trustProxy: trustProxy(values.TRUST_PROXY),
    logLevel: values.LOG_LEVEL,
    clock: values.CHARTER_CLOCK,
    maxRequests: values.MAX_REQUESTS,
    tracesEndpoint: tracesEndpoint(values),
    drainSeconds: values.DRAIN_SECONDS,
    unknown: Object.keys(given).filter((name) => name.startsWith('CHARTER_') && !known.has(name)),
  });
}

/** Where definitions stand, without what else a server needs: nothing is made. */
export function readDefinitionFolders(environment: Environment = process.env): Pick<Config, 'processesDir' | 'rulesDir'> {
  const { PROCESSES_DIR, RULES_DIR } = present(environment);
  return { processesDir: resolve(PROCESSES_DIR ?? join(root, 'processes')), rulesDir: resolve(RULES_DIR ?? join(root, 'rules')) };
}

/** As OpenTelemetry's variables have it: the endpoint of traces, else the common one with their path, else the usual port of a collector on this machine. */
function tracesEndpoint(values: z.output<typeof variables>): string | null {
  if (values.OTEL_SDK_DISABLED?.toLowerCase() === 'true' || values.OTEL_TRACES_EXPORTER === 'none') return null;
  if (values.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT) return values.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT;
  const base = values.OTEL_EXPORTER_OTLP_ENDPOINT ?? (values.OTEL_TRACES_EXPORTER === 'otlp' ? 'http://localhost:4318' : null);
  return base === null ? null : `${base.replace(/\/+$/u, '')}/v1/traces`;
}

function trustProxy(given: string | undefined): Config['trustProxy'] {
  if (given === undefined) return false;
  return /^\d+$/u.test(given) ? Number(given) : given;
}
