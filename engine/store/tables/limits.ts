/** Counts of what is tried, shared by all servers. Each is one statement, so that tries which come at the same time are all counted. */
import type { Reader } from '../database.js';
import type { Dialect } from '../dialect/dialect.js';
import type { LimitStore } from '../types.js';
import type { Writer } from '../writing/writer.js';

interface LimitSources {
  readonly reader: Reader;
  readonly beside: Reader | null;
  readonly writer: Writer;
  readonly dialect: Dialect;
}

/** The first wait, in milliseconds. */
const firstPause = 1_000;
/** Tries are forgotten when none followed for so long after the last wait. */
const keptFor = 3_600_000;

/**
 * Both kinds lie in one table, under keys that never meet. What is called `pause` there is the length of its window for what is counted,
 * and how long the next one has to wait for what is tried.
 */
const counted = (key: string): string => `count ${key}`;
const tried = (key: string): string => `try ${key}`;

const counting = `INSERT INTO limits (key, count, since, pause, expires_at) VALUES (?, 1, ?, ?, ?)
  ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN limits.since + limits.pause <= excluded.since THEN 1 ELSE limits.count + 1 END,
    since = CASE WHEN limits.since + limits.pause <= excluded.since THEN excluded.since ELSE limits.since END,
    expires_at = CASE WHEN limits.since + limits.pause <= excluded.since THEN excluded.expires_at ELSE limits.expires_at END
  RETURNING count, since + pause AS until`;

const trying = `INSERT INTO limits (key, count, since, pause, expires_at) VALUES (?, 1, ?, ?, ?)
  ON CONFLICT (key) DO UPDATE SET
    count = limits.count + 1,
    since = CASE WHEN limits.since > excluded.since THEN limits.since ELSE excluded.since END,
    pause = CASE WHEN limits.count + 1 < ? THEN 0 WHEN limits.pause = 0 THEN ${firstPause} WHEN limits.pause * 2 > ? THEN ? ELSE limits.pause * 2 END,
    expires_at = excluded.expires_at
  WHERE limits.pause = 0 OR limits.since + limits.pause <= excluded.since
  RETURNING count`;

export function createLimits({ reader, beside, writer, dialect }: LimitSources): LimitStore {
  // Not within a batch of steps where there are several servers: its locks would hold up theirs.
  const change = <T>(sql: string, params: readonly (string | number)[]): Promise<T[]> =>
    beside ? beside.all<T>(sql, params) : writer.transact((connection) => connection.all<T>(sql, params));
  const ofThese = `key IN ${dialect.listed}`;
  return {
    async count(key, { now, ms }) {
      const [row] = await change<{ count: number; until: number }>(counting, [counted(key), now, ms, now + ms]);
      return row ?? { count: 1, until: now + ms };
    },
    async uncount(key) {
      await change('UPDATE limits SET count = count - 1 WHERE count > 0 AND key = ?', [counted(key)]);
    },
    async attempt(key, { now, free, longest }) {
      const taken = await change(trying, [tried(key), now, free > 1 ? 0 : firstPause, now + longest + keptFor, free, longest, longest]);
      return taken.length > 0;
    },
    async waitUntil(keys) {
      const [row] = await reader.all<{ until: number | null }>(`SELECT max(since + pause) AS until FROM limits WHERE pause > 0 AND ${ofThese}`, [
        JSON.stringify(keys.map(tried)),
      ]);
      return row?.until ?? 0;
    },
    async takeBack(keys) {
      await change(`UPDATE limits SET count = count - 1, pause = pause / 2 WHERE count > 0 AND ${ofThese}`, [JSON.stringify(keys.map(tried))]);
    },
    async forget(keys) {
      await change(`DELETE FROM limits WHERE ${ofThese}`, [JSON.stringify([...keys.map(counted), ...keys.map(tried)])]);
    },
  };
}
