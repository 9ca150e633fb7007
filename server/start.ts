/** Builds everything, listens, and takes it down in order again. */
import { createServer, type Server } from 'node:http';
import pino, { type Logger } from 'pino';
import { createEngine, EngineError, type EngineOptions, lockServer, monotonic, pause, type RunningEngine, systemClock } from '../engine/index.js';
import { createApp } from './app.js';
import { createPasswords } from './auth/passwords.js';
import { createSetUp, type SetUp } from './auth/setUp.js';
import type { Config } from './config.js';
import { createHealth, type Health } from './monitoring/health.js';
import { createMonitoring, type Monitoring } from './monitoring/monitoring.js';
import type { Tracing } from './monitoring/spans.js';
import { drawStatechart } from './presenters/drawing/drawStatechart.js';
import { createAssets } from './web/assets.js';
import type { Services } from './web/services.js';

export interface Running {
  readonly engine: RunningEngine;
  /** `http://127.0.0.1:3000`, with the port that was really taken. */
  readonly address: string;
  /** The one-time link of an installation without users, or null. */
  readonly setUpLink: string | null;
  readonly log: Logger;
  /** Answers what is under way, stops time, closes the store. */
  close(): Promise<void>;
}

export interface StartOptions {
  readonly config: Config;
  readonly engineOptions: EngineOptions;
  /** Fills an empty store before anyone comes in. */
  readonly prepare?: (engine: RunningEngine) => Promise<void>;
  /** Where the log goes; default standard error. */
  readonly log?: Logger;
}

const CLOSE_MS = 10_000;

function listen(server: Server, { port, host }: Config): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reasons: { readonly [code: string]: string } = {
        EADDRINUSE: `${port} is in use by another program`,
        EACCES: `${port} needs rights this user does not have`,
        EADDRNOTAVAIL: `${host} is no address of this machine`,
      };
      const variable = error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND' ? 'HOST' : 'PORT';
      reject(
        new EngineError('CONFIGURATION_INVALID', { variable, reason: reasons[error.code ?? ''] ?? `can not be listened on (${error.code})` }, { cause: error }),
      );
    });
    server.listen(port, host, () => {
      const bound = server.address();
      resolve(typeof bound === 'object' && bound ? bound.port : port);
    });
  });
}

function stopServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    setTimeoutUnref(() => server.closeAllConnections());
  });
}

/** A last resort, not part of any decision: connections that never end are cut so that a stop is a stop. */
function setTimeoutUnref(work: () => void): void {
  AbortSignal.timeout(CLOSE_MS).addEventListener('abort', work);
}

type Watching = { readonly log: Logger; readonly monitoring: Monitoring; readonly health: Health };

async function services(options: StartOptions, engine: RunningEngine, watching: Watching): Promise<Services & { readonly setUp: SetUp }> {
  return {
    config: options.config,
    engine,
    ...watching,
    assets: createAssets(),
    passwords: createPasswords(),
    setUp: await createSetUp(engine, options.config.secretKey),
    wall: () => systemClock.now(),
    demo: (await engine.store.meta('demonstration')) !== null,
  };
}

/** Laying a chart out takes seconds the first time; done here, nobody waits for it on the page of a record. */
async function warmDrawings(engine: RunningEngine, log: Logger): Promise<void> {
  const reader = { id: 'system', roles: ['auditor'], teams: [] };
  try {
    for (const { key } of await engine.processes(reader)) {
      await drawStatechart(await engine.definition(key, reader), { title: key });
      await pause(50);
    }
  } catch (error) {
    log.debug({ err: error }, 'drawings not prepared');
  }
}

/** Traces are loaded only when somebody asked for them. */
async function tracingOf({ tracesEndpoint }: Config): Promise<Tracing | null> {
  return tracesEndpoint === null ? null : (await import('./monitoring/tracing.js')).createTracing(tracesEndpoint);
}

/** Says that it is about to stop, goes on for as long as whoever sends requests may need to notice, then waits for what is being answered. */
async function drain(health: Health, seconds: number): Promise<void> {
  health.drain();
  if (seconds > 0) await pause(seconds * 1000);
  const began = monotonic();
  while (health.underWay() > 0 && monotonic() - began < CLOSE_MS) await pause(20);
}

/** Starts the server. @throws EngineError when the store is in use, the port is taken, a setting is wrong. */
export async function start(options: StartOptions): Promise<Running> {
  const { config } = options;
  const log = options.log ?? pino({ level: config.logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination({ dest: 2, sync: false }));
  const tracing = await tracingOf(config);
  const monitoring = createMonitoring({ log, tracing });
  const engine = await createEngine({ ...options.engineOptions, watch: true, log: (message, facts) => log.info(facts, message), observe: monitoring.observer });
  const health = createHealth(engine);
  const undo: (() => Promise<void>)[] = [async () => tracing?.close(), () => engine.close()];
  const close = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    undo.push(await lockServer(engine.store as Parameters<typeof lockServer>[0], `charter on port ${config.port}`, systemClock));
    await engine.keepKey();
    await options.prepare?.(engine);
    const parts = await services(options, engine, { log, monitoring, health });
    const server = createServer({ requestTimeout: 60_000, headersTimeout: 20_000, keepAliveTimeout: 10_000 }, createApp(parts));
    const port = await listen(server, config);
    undo.push(
      () => stopServer(server),
      () => drain(health, config.drainSeconds),
    );
    engine.start();
    void warmDrawings(engine, log);
    const address = config.publicUrl.endsWith(`:${config.port}`) ? config.publicUrl.replace(/:\d+$/u, `:${port}`) : config.publicUrl;
    return { engine, address, setUpLink: parts.setUp.path === null ? null : address + parts.setUp.path, log, close };
  } catch (error) {
    await close();
    throw error;
  }
}
