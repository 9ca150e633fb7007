import { randomInt } from 'node:crypto';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Clock, createEngine, pause, systemClock } from '../../engine/index.js';
import { below, onPostgres } from '../databases.js';
import { type Cluster, createCluster } from '../postgres/cluster.js';
import { firedTwice, misdelivered, settleAfterwards } from './ledger.js';
import { startLoad } from './load.js';
import { account, inRounds, patience } from './long.js';
import { databasesOf, newPlace, type Place } from './place.js';
import { type Programs, preparePrograms } from './program.js';
import { freePort, prepareStore, type Serving, serve } from './server.js';

let programs: Programs;
let cluster: Cluster;
/** A PostgreSQL that these tests may kill. */
const own = databasesOf('PostgreSQL of its own', (database) => cluster.url(database));

beforeAll(async () => {
  programs = preparePrograms();
  cluster = await createCluster();
});
afterAll(async () => {
  programs.drop();
  await cluster.remove();
});

const SERVERS = 3;

interface Farm {
  readonly place: Place;
  readonly servers: Serving[];
  readonly ports: readonly number[];
}

async function farm(): Promise<Farm> {
  const place = await newPlace(own);
  await prepareStore(place);
  const ports = await Promise.all(Array.from({ length: SERVERS }, () => freePort()));
  return { place, ports, servers: await Promise.all(ports.map((port) => serve(programs.charter, port, { place }))) };
}

const addresses = ({ servers }: Farm): string[] => servers.map(({ address }) => address);

type Sum = Record<'acknowledged' | 'found' | 'entries' | 'chains' | 'asked', number>;
const nothing = (): Sum => ({ acknowledged: 0, found: 0, entries: 0, chains: 0, asked: 0 });

/** Puts three servers under load, lets `harm` do what it does meanwhile, and settles accounts. */
async function underLoad(sum: Sum, harm: (farm: Farm) => Promise<void>): Promise<void> {
  const made = await farm();
  const load = await startLoad(addresses(made), 12);
  await harm(made);
  await pause(500);
  await load.stop();
  expect(load.refused).toEqual([]);
  await Promise.all(made.servers.map((server) => server.kill()));
  await deliverTheRest(made.place);
  const found = await settleAfterwards(made.place, load.ledger, async (engine, history) => {
    expect(firedTwice(history)).toEqual([]);
    expect(misdelivered(history, 2)).toEqual([]);
    expect((await engine.parked()).effects).toEqual([]);
  });
  for (const name of ['acknowledged', 'found', 'entries', 'chains'] as const) sum[name] += found[name];
  sum.asked += load.ledger.sent.size;
  expect(found.found).toBe(found.acknowledged);
  expect(found.acknowledged).toBeGreaterThan(20);
}

/** What was told when a server died waits for its claim to run out, and what failed for its time to come; here both have passed. */
async function deliverTheRest(place: Place): Promise<void> {
  await below(place.databaseUrl, 'UPDATE outbox SET claimed_until = 0; UPDATE timers SET claimed_until = 0');
  const later: Clock = { kind: 'system', now: () => systemClock.now() + 60_000 };
  const engine = await createEngine({ ...place.options, clock: later, publishFolders: false });
  await engine.wake();
  await engine.close();
}

describe('three servers on one PostgreSQL', () => {
  it(
    'lose nothing and do nothing twice when one after the other is killed in the middle of load',
    async () => {
      const sum = { kills: 0, ...nothing() };
      await inRounds(1, () =>
        underLoad(sum, async ({ servers, ports, place }) => {
          for (let kill = 0; kill < 4; kill += 1) {
            await pause(200 + randomInt(500));
            const one = kill % SERVERS;
            expect((await servers[one]?.kill())?.signal).toBe('SIGKILL');
            sum.kills += 1;
            servers[one] = await serve(programs.charter, ports[one] as number, { place });
          }
        }),
      );
      account('one of three servers killed', sum);
    },
    patience(25),
  );

  it(
    'go on by themselves after PostgreSQL was killed and recovered, stopped, or cut their connections',
    async () => {
      const sum = { kills: 0, stops: 0, cuts: 0, ...nothing() };
      await inRounds(1, () =>
        underLoad(sum, async ({ place }) => {
          for (const harm of ['cut', 'kill', 'cut', 'stop', 'kill'] as const) {
            await pause(300 + randomInt(500));
            if (harm === 'cut') sum.cuts += await cutConnections(place.databaseUrl);
            else {
              if (harm === 'kill') await cluster.kill();
              else await cluster.stop('fast');
              sum[harm === 'kill' ? 'kills' : 'stops'] += 1;
              await pause(randomInt(400));
              await cluster.start();
            }
          }
        }),
      );
      account('PostgreSQL killed, stopped, cut', sum);
      expect(sum.cuts).toBeGreaterThan(0);
    },
    patience(25),
  );

  it(
    'work side by side while they are replaced by those of the next version, which has another schema and writes in another way',
    async () => {
      const sum = { replaced: 0, ...nothing() };
      const next = nextVersion();
      const rounds = await inRounds(1, () =>
        underLoad(sum, async ({ servers, ports, place }) => {
          for (const [index, port] of ports.entries()) {
            await pause(400);
            // Asked to end: it finishes what it began, and its clients come again to another.
            servers[index]?.child.kill('SIGTERM');
            expect((await servers[index]?.ended)?.code).toBe(0);
            servers[index] = await serve(next, port, { place });
            sum.replaced += 1;
          }
          // What is looked at afterwards is looked at by this version, which rightly refuses a schema it does not know.
          await onPostgres(place.databaseUrl, (client) => client.query("DELETE FROM schema_migrations WHERE name = '9999-next'"));
        }),
      );
      account('rolling upgrade', sum);
      expect(sum.replaced).toBe(SERVERS * rounds);
    },
    patience(25),
  );
});

/** Ends every connection of the servers. Returns how many. */
async function cutConnections(url: string): Promise<number> {
  return onPostgres(url, async (client) => {
    const { rows } = await client.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'charter' AND pid <> pg_backend_pid()",
    );
    return rows.length;
  });
}

/** This version with one more migration, a column for later, and a write function of its own. */
function nextVersion(): string {
  const built = dirname(dirname(dirname(programs.charter)));
  const next = `${built}-next`;
  cpSync(built, next, { recursive: true });
  const change = (file: string, from: RegExp, to: string): void => {
    const path = join(next, file);
    const text = readFileSync(path, 'utf8');
    const changed = text.replace(from, to);
    if (changed === text) throw new Error(`nothing to change in ${file}`);
    writeFileSync(path, changed);
  };
  change(
    'engine/store/migrations/index.js',
    /export const migrations = \[([^\]]*)\]/,
    "export const migrations = [$1, { name: '9999-next', sqlite: 'ALTER TABLE numbers ADD COLUMN later TEXT;', postgres: 'ALTER TABLE numbers ADD COLUMN later text;' }]",
  );
  change('engine/store/postgres/writeFunction.js', /DECLARE changed bigint;/, 'DECLARE next_version bigint; changed bigint;');
  return join(next, 'server', 'cli', 'main.js');
}
