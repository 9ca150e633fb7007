/**
 * News between servers, so that they look at once and not at their next beat. Only for promptness: the tables are the truth, and whoever hears
 * nothing finds out by looking. Told outside of any transaction that others wait for, since NOTIFY is committed by one at a time in the whole
 * cluster; what comes in quick succession is told together.
 */
import { randomUUID } from 'node:crypto';
import { pause } from '../../clock.js';
import type { Reader } from '../database.js';
import type { DefinitionStore, News, PeopleStore, RecordStore, Store, WriteUnit } from '../types.js';
import { channel, listen } from './listener.js';
import type { Pool } from './pool.js';

/** Milliseconds between two messages of a server. */
const gap = 100;
/** PostgreSQL takes 8,000 bytes. */
const mostBytes = 7_000;

const anything: News = { definitions: true, people: true, due: true, processes: null };
const nothing: News = { definitions: false, people: false, due: false, processes: [] };

const together = (one: News, other: News): News => ({
  definitions: one.definitions || other.definitions,
  people: one.people || other.people,
  due: one.due || other.due,
  processes: one.processes && other.processes ? [...new Set([...one.processes, ...other.processes])] : null,
});

export interface NewsParts {
  /** Gives the connection that listens. */
  readonly pool: Pool;
  /** Tells, outside of the writer's transactions. */
  readonly reader: Reader;
  /** What is due by then is told as such. */
  readonly now: () => number;
}

/** The parts of a store through which something may be written that other servers want to hear of. */
type Told = Pick<Store, 'records' | 'definitions' | 'people'>;

/** Those parts, telling; and how to hear what others tell. */
export interface Exchange extends Told {
  /** Begins to listen with the first listener. A listener must return at once; what it throws is dropped. Returns how to be told no more. */
  onNews: Store['onNews'];
  /** Tells what is left to tell, and hears no more. */
  close(): Promise<void>;
}

/** The same stores; what is written through them is told to other servers once it is durable. */
export function exchangeNews({ records, definitions, people }: Told, { pool, reader, now }: NewsParts): Exchange {
  const self = randomUUID();
  const listeners = new Set<(news: News) => void>();
  let stop: (() => void) | null = null;
  let left: News | null = null;
  let telling: Promise<void> | null = null;
  let closing = false;

  const send = async (news: News): Promise<void> => {
    const text = JSON.stringify({ by: self, news });
    const payload = Buffer.byteLength(text) > mostBytes ? JSON.stringify({ by: self, news: { ...news, processes: null } }) : text;
    // Nothing is lost with it: it need not be on disk.
    await reader.all("SELECT set_config('synchronous_commit', 'off', true), pg_notify(?, ?)", [channel, payload]).catch(() => undefined);
  };
  const tellAll = async (): Promise<void> => {
    while (left) {
      const news = left;
      left = null;
      await send(news);
      if (!closing) {
        await pause(gap);
      }
    }
    telling = null;
  };
  const tell = (news: Partial<News>): void => {
    left = together(left ?? nothing, { ...nothing, ...news });
    telling ??= tellAll();
  };
  const spread = (news: News): void => {
    for (const listener of listeners) {
      try {
        listener(news);
      } catch {
        // Thrown on, it would end the program from within the driver; and whoever misses news finds out by looking.
      }
    }
  };
  const heard = (payload: string): void => {
    const told = read(payload);
    if (told && told.by !== self) {
      spread(told.news);
    }
  };

  return {
    records: tellingRecords(records, now, tell),
    definitions: tellingDefinitions(definitions, tell),
    people: tellingPeople(people, tell),
    onNews(listener) {
      listeners.add(listener);
      stop ??= listen(pool, { heard, missed: () => spread(anything) });
      return () => void listeners.delete(listener);
    },
    async close() {
      closing = true;
      stop?.();
      await telling;
    },
  };
}

/** Null for what no server told: whoever may use the database may say anything on the channel. */
function read(payload: string): { readonly by: string; readonly news: News } | null {
  try {
    const { by, news } = JSON.parse(payload) as { readonly by?: unknown; readonly news?: unknown };
    return typeof by === 'string' && typeof news === 'object' && news !== null ? { by, news: newsOf(news) } : null;
  } catch {
    return null;
  }
}

/** What a server of another version tells may have another shape: then anything of that kind may have happened. */
function newsOf({ definitions, people, due, processes = [] }: { readonly [told in keyof News]?: unknown }): News {
  const named = Array.isArray(processes) && processes.every((process) => typeof process === 'string');
  return { definitions: Boolean(definitions), people: Boolean(people), due: Boolean(due), processes: named ? processes : null };
}

type Tell = (news: Partial<News>) => void;

const tellingRecords = (records: RecordStore, now: () => number, tell: Tell): RecordStore => ({
  ...records,
  async commit(unit) {
    await records.commit(unit);
    tell({ due: isDue(unit, now()), processes: [...new Set(unit.steps.map(({ record }) => record.process))] });
  },
});

const isDue = ({ steps }: WriteUnit, now: number): boolean =>
  steps.some(({ outbox, timers }) => outbox.length > 0 || timers?.some(({ dueAt }) => dueAt <= now) === true);

const tellingDefinitions = (definitions: DefinitionStore, tell: Tell): DefinitionStore => ({
  ...definitions,
  async publish(rows) {
    await definitions.publish(rows);
    tell({ definitions: true });
  },
});

const tellingPeople = (people: PeopleStore, tell: Tell): PeopleStore => ({
  ...people,
  async saveUser(row) {
    await people.saveUser(row);
    tell({ people: true });
  },
  async saveTeam(row) {
    await people.saveTeam(row);
    tell({ people: true });
  },
});
