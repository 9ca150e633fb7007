/** Wires the engine: store, definitions, people, the one door, time, trust. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, every, systemClock } from './clock.js';
import { connectionVerbs } from './connections/index.js';
import { watchFolders } from './definitions/index.js';
import type { Engine } from './engine.js';
import { sealDaily, trustVerbs } from './integrity/index.js';
import { createChanges, createMeasureDelivery, measuringVerbs } from './measuring/index.js';
import type { EngineContext } from './runtime/context.js';
import { createDefinitionLibrary } from './runtime/definitionLibrary.js';
import { definitionVerbs } from './runtime/definitionVerbs.js';
import { createDirectory } from './runtime/directory.js';
import type { Deliverers } from './runtime/effects/deliver.js';
import { createNotifyDelivery } from './runtime/effects/notify.js';
import { createSignalDelivery } from './runtime/effects/signal.js';
import { createWebhookDelivery } from './runtime/effects/webhook.js';
import { onceVerb } from './runtime/idempotency.js';
import { createLatest } from './runtime/latest.js';
import { migrationVerbs } from './runtime/migrationVerbs.js';
import { peopleVerbs } from './runtime/peopleVerbs.js';
import { createPublishing } from './runtime/publishing.js';
import { readVerbs } from './runtime/readVerbs.js';
import { recordVerbs } from './runtime/recordVerbs.js';
import { createSchedules } from './runtime/schedules.js';
import { createSteps } from './runtime/steps.js';
import { timeVerbs } from './runtime/timeVerbs.js';
import { createWrittenTimers } from './runtime/writtenTimers.js';
import { openStore, type PeopleStore, type Store } from './store/index.js';

export interface EngineOptions {
  /** `sqlite:/path/charter.sqlite`. */
  readonly databaseUrl: string;
  /** Attachments and keys are kept here. */
  readonly dataDir: string;
  readonly processesDir: string;
  readonly rulesDir: string;
  readonly clock?: Clock;
  readonly sqliteDriver?: 'auto' | 'sqlite3' | 'node:sqlite';
  /** Signs checkpoints; the private key is derived from it. */
  readonly secretKey: string;
  readonly smtpUrl?: string | null;
  readonly mailFrom?: string;
  /** Publish what the folders hold; default true. Tools that only look at a store leave it as it is. */
  readonly publishFolders?: boolean;
  /** Watch the folders and take in changes within two seconds. */
  readonly watch?: boolean;
  /** An existing but empty database file is refused unless set. */
  readonly mayBeEmpty?: boolean;
  readonly log?: (message: string, facts: Record<string, unknown>) => void;
}

/** The engine with what only the server needs beside its verbs. */
export interface RunningEngine extends Engine {
  readonly people: PeopleStore;
  readonly store: Pick<Store, 'dialect' | 'driver' | 'readOnly' | 'settings' | 'meta' | 'setMeta' | 'backup'>;
  /** Stops time, finishes what runs, closes the store. */
  close(): Promise<void>;
}

/** Records remembered in memory. */
const REMEMBERED = 10_000;
/** How often changes by other processes are looked for, in milliseconds. */
const REFRESH = 500;

/** Opens the store, publishes the folders' definitions and gives the engine. Time does not run until `start()`. */
export async function createEngine(options: EngineOptions): Promise<RunningEngine> {
  const clock = options.clock ?? systemClock;
  const log = options.log ?? (() => undefined);
  await mkdir(options.dataDir, { recursive: true, mode: 0o700 });
  const store = await openStore(
    { url: options.databaseUrl, driver: options.sqliteDriver ?? 'auto', ...(options.mayBeEmpty ? { mayBeEmpty: true } : {}) },
    clock,
  );
  const library = createDefinitionLibrary(store.definitions);
  const directory = createDirectory(store.people, clock);
  await Promise.all([library.refresh(), directory.refresh()]);
  const latest = createLatest(REMEMBERED);
  const timeZones = process.versions.tz ?? 'unknown';
  const changes = createChanges();
  const steps = createSteps({ records: changes.counting(store.records), library, directory, latest, timers: createWrittenTimers(), timeZones });
  const publishing = createPublishing({
    store: store.definitions,
    facts: store,
    library,
    clock,
    processesDir: options.processesDir,
    rulesDir: options.rulesDir,
    log,
  });
  const context: EngineContext = {
    store,
    clock,
    library,
    directory,
    publishing,
    latest,
    steps,
    attachmentsDir: join(options.dataDir, 'attachments'),
    timeZones,
  };
  if (options.publishFolders !== false) await publishing.readFolders();

  const time = timeVerbs({
    context,
    schedules: createSchedules({ queue: store.queue, library, steps, log }),
    deliverers: deliverersOf(context, options),
    seal: () => sealDaily(context, options.secretKey, log),
    log,
  });
  const stops = startWatching(context, options, log);
  return {
    ...recordVerbs(context),
    ...readVerbs(context),
    ...connectionVerbs(context),
    ...definitionVerbs(context),
    ...migrationVerbs(context),
    ...peopleVerbs(context),
    ...time,
    ...onceVerb(context),
    ...measuringVerbs(context, changes),
    ...trustVerbs(context, options.secretKey),
    people: store.people,
    store,
    async close() {
      for (const stop of stops) stop();
      await time.stop();
      await store.close();
    },
  };
}

function deliverersOf(context: EngineContext, options: EngineOptions): Deliverers {
  const { store, library, directory, steps, clock } = context;
  return {
    signal: createSignalDelivery({
      records: store.records,
      steps,
      now: () => clock.now(),
      done: async (scope) => (await store.queue.idempotency(scope, clock.now())) !== null,
    }),
    notify: createNotifyDelivery({
      records: store.records,
      library,
      directory,
      smtpUrl: options.smtpUrl ?? null,
      from: options.mailFrom ?? 'charter@localhost',
    }),
    webhook: createWebhookDelivery((name) => store.meta(`webhook:${name}`)),
    measure: createMeasureDelivery(context),
  };
}

/** Takes in changed folders, and what other processes published or changed of people. */
function startWatching(context: EngineContext, options: EngineOptions, log: NonNullable<EngineOptions['log']>): readonly (() => void)[] {
  const { publishing, library, directory } = context;
  const failed = (error: unknown) => log('reading definitions failed', { reason: String(error) });
  const stops = options.watch ? [watchFolders([options.processesDir, options.rulesDir], () => void publishing.readFolders().catch(failed))] : [];
  return [...stops, every(REFRESH, () => void Promise.all([library.refresh(), directory.refresh()]).catch(failed))];
}
