/** Wires the engine: store, definitions, people, the one door, time, trust. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, every, systemClock } from './clock.js';
import { connectionVerbs } from './connections/index.js';
import { watchFolders } from './definitions/index.js';
import type { Engine } from './engine.js';
import { keepKey, refuseOtherKey, sealDaily, trustVerbs } from './integrity/index.js';
import { createChanges, createMeasureDelivery, measuringVerbs } from './measuring/index.js';
import { type Observer, unobserved } from './observing.js';
import type { EngineContext } from './runtime/context.js';
import { createDefinitionLibrary } from './runtime/definitionLibrary.js';
import { definitionVerbs } from './runtime/definitionVerbs.js';
import { createDirectory } from './runtime/directory.js';
import { timersLeft } from './runtime/dueWork.js';
import type { Deliverers } from './runtime/effects/deliver.js';
import { createNotifyDelivery } from './runtime/effects/notify.js';
import { createSignalDelivery } from './runtime/effects/signal.js';
import { createWebhookDelivery } from './runtime/effects/webhook.js';
import { onceVerb } from './runtime/idempotency.js';
import { createJobs, type Jobs } from './runtime/jobs.js';
import { createLatest } from './runtime/latest.js';
import { migrationVerbs } from './runtime/migrationVerbs.js';
import { operationVerbs } from './runtime/operations.js';
import { peopleVerbs } from './runtime/peopleVerbs.js';
import { createPublishing } from './runtime/publishing.js';
import { readVerbs } from './runtime/readVerbs.js';
import { recordVerbs } from './runtime/recordVerbs.js';
import { createSchedules } from './runtime/schedules.js';
import { createSteps } from './runtime/steps.js';
import { timeVerbs } from './runtime/timeVerbs.js';
import { createWrittenTimers } from './runtime/writtenTimers.js';
import { type LeaseStore, openStore, type PeopleStore, type Store, type StoreOptions } from './store/index.js';

export interface EngineOptions {
  /** `sqlite:/path/charter.sqlite` or `postgres://user:password@host/database`. */
  readonly databaseUrl: string;
  /** Attachments and keys are kept here. */
  readonly dataDir: string;
  readonly processesDir: string;
  readonly rulesDir: string;
  readonly clock?: Clock;
  /** PostgreSQL: replicas that lists and reports may read, and connections to the primary at most. */
  readonly replicas?: readonly string[];
  readonly connections?: number;
  /** PostgreSQL: how long it is waited for. */
  readonly patience?: StoreOptions['patience'];
  readonly sqliteDriver?: 'auto' | 'sqlite3' | 'node:sqlite';
  /** Signs checkpoints; the private key is derived from it. Another one than the database is used with is refused (KEY_DIFFERS). */
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
  /** Told of what happens inside; see `Observer`. */
  readonly observe?: Observer;
}

/** The engine with what only the server needs beside its verbs. */
export interface RunningEngine extends Engine {
  readonly people: PeopleStore;
  readonly store: Pick<
    Store,
    'dialect' | 'driver' | 'readOnly' | 'settings' | 'meta' | 'setMeta' | 'waiting' | 'connections' | 'backup' | 'historyArchive' | 'limits' | 'metas'
  >;
  readonly leases: LeaseStore;
  /** Notes the secret key as the one that this database is used with. Throws KEY_DIFFERS when another server was first. */
  keepKey(): Promise<void>;
  /** Stops time, finishes what runs, closes the store. */
  close(): Promise<void>;
}

/** Records remembered in memory. */
const REMEMBERED = 10_000;
/** How often changes by other processes are looked for, in milliseconds. */
const REFRESH = 500;

/** Opens the store, publishes the folders' definitions and gives the engine. Time does not run until `start()`. */
export async function createEngine(options: EngineOptions): Promise<RunningEngine> {
  const log = options.log ?? (() => undefined);
  const observer = options.observe ? harmless(options.observe, log) : unobserved;
  const changes = createChanges();
  const context = await openContext(options, { observer, changes, log });
  const { store, clock, library, steps } = context;
  if (options.publishFolders !== false) await context.publishing.readFolders();
  const jobs = createJobs({ store, clock, observer });
  const { nudge, ...time } = timeVerbs({
    context,
    schedules: createSchedules({ queue: store.queue, library, steps, jobs }),
    deliverers: deliverersOf(context, options),
    observer,
    jobs,
    seal: () => sealDaily(context, options.secretKey, log),
  });
  const stops = startWatching(context, options, { jobs, nudge, changes });
  return {
    ...recordVerbs(context),
    ...readVerbs(context),
    ...connectionVerbs(context),
    ...definitionVerbs(context),
    ...migrationVerbs(context),
    ...peopleVerbs(context),
    ...time,
    ...operationVerbs({
      store,
      clock,
      jobs,
      definitionVersions: async () => (await store.definitions.definitions()).length,
      timersLeft: () => timersLeft(context),
    }),
    ...onceVerb(context),
    ...measuringVerbs(context, changes),
    ...trustVerbs(context, options.secretKey),
    people: store.people,
    store,
    leases: store.queue,
    keepKey: () => keepKey(store, options.secretKey),
    async close() {
      for (const stop of stops) stop();
      await time.stop();
      await store.close();
    },
  };
}

interface Around {
  readonly observer: Observer;
  readonly changes: ReturnType<typeof createChanges>;
  readonly log: NonNullable<EngineOptions['log']>;
}

/** What all verbs share, on a store that is open and of the newest schema. */
async function openContext(options: EngineOptions, { observer, changes, log }: Around): Promise<EngineContext> {
  const clock = options.clock ?? systemClock;
  await mkdir(options.dataDir, { recursive: true, mode: 0o700 });
  const store = await openStore(
    {
      url: options.databaseUrl,
      driver: options.sqliteDriver ?? 'auto',
      observe: (batch) => observer.happened({ kind: 'batch', ...batch }),
      ...(options.mayBeEmpty ? { mayBeEmpty: true } : {}),
      ...(options.replicas ? { replicas: options.replicas } : {}),
      ...(options.connections === undefined ? {} : { connections: options.connections }),
      ...(options.patience ? { patience: options.patience } : {}),
    },
    clock,
  );
  await refuseOtherKey(store, options.secretKey).catch(async (error: unknown) => {
    await store.close();
    throw error;
  });
  const library = createDefinitionLibrary(store.definitions);
  const directory = createDirectory(store.people, clock);
  await Promise.all([library.refresh(), directory.refresh()]);
  const latest = createLatest(REMEMBERED);
  const timeZones = process.versions.tz ?? 'unknown';
  const { processesDir, rulesDir } = options;
  return {
    store,
    clock,
    library,
    directory,
    latest,
    timeZones,
    publishing: createPublishing({ store: store.definitions, facts: store, library, clock, processesDir, rulesDir, log }),
    steps: createSteps({ records: changes.counting(store.records), library, directory, latest, timers: createWrittenTimers(), timeZones, observer }),
    attachmentsDir: join(options.dataDir, 'attachments'),
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
function startWatching(
  { store, publishing, library, directory }: EngineContext,
  options: EngineOptions,
  { jobs, nudge, changes }: { readonly jobs: Jobs; readonly nudge: () => void; readonly changes: ReturnType<typeof createChanges> },
): readonly (() => void)[] {
  const read = () => void jobs.run('reading folders', () => publishing.readFolders());
  const stops = options.watch ? [watchFolders([options.processesDir, options.rulesDir], read)] : [];
  const takeIn = () => void jobs.run('taking in changes', () => Promise.all([library.refresh(), directory.refresh()]));
  const unheard = store.onNews(({ definitions, people, due, processes }) => {
    changes.elsewhere(processes);
    if (definitions || people) takeIn();
    if (due) nudge();
  });
  return [...stops, unheard, every(REFRESH, takeIn)];
}

/** Whoever watches can not make fail what he watches. */
function harmless({ happened, within }: Observer, log: NonNullable<EngineOptions['log']>): Observer {
  return {
    within,
    happened(observation) {
      try {
        happened(observation);
      } catch (error) {
        log('an observer failed', { reason: String(error) });
      }
    },
  };
}
