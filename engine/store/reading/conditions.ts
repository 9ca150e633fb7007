/** What a RecordQuery asks for, as conditions. All SQL is written here; of a query only values enter, as parameters. */
import { EngineError } from '../../errors.js';
import type { ReadScope } from '../../types.js';
import type { Dialect } from '../dialect/dialect.js';
import type { SqlValue } from '../driver/contract.js';
import type { RecordQuery } from '../types.js';
import { wordsOf } from './fold.js';

export interface Condition {
  readonly sql: string;
  readonly params: readonly SqlValue[];
  /** The index by which this condition finds its records, if it may lead; `null`: by the table's own key. Absent: it only filters. */
  readonly leads?: string | null;
  /** For one that leads: counts its records up to a limit, the last parameter. Absent: derived. */
  readonly counted?: string;
  /** That index also gives them in order of creation. */
  readonly byCreation?: boolean;
}

type Wanted = Omit<RecordQuery, 'limit' | 'cursor' | 'sort' | 'direction'>;

/** All conditions; those that tend to find few records first. `null`: nothing can match. */
export function conditionsOf(query: Wanted, dialect: Dialect): Condition[] | null {
  const conditions: (Condition | null)[] = [];
  const equal = (column: string, value: string | undefined, index?: string): void => {
    if (value !== undefined) {
      const led = index === undefined ? {} : { leads: index, byCreation: true };
      conditions.push({ sql: `r.${column} = ?`, params: [value], ...led });
    }
  };
  if (query.linkedTo !== undefined) {
    conditions.push({
      sql: 'r.id IN (SELECT to_id FROM links WHERE from_id = ? UNION SELECT from_id FROM links WHERE to_id = ?)',
      params: [query.linkedTo, query.linkedTo],
      leads: 'records_id',
    });
  }
  if (query.q !== undefined) {
    conditions.push(searched(query.q, dialect));
  }
  equal('requester', query.requester, 'records_requester');
  equal('assignee', query.assignee, 'records_assignee');
  equal('service', query.service, 'records_service');
  equal('team', query.team, 'records_team');
  conditions.push(oneOf('team', query.teams, dialect, 'records_team'), inState(query.state), scoped(query.scope, dialect), ...ofProcess(query, dialect));
  equal('priority', query.priority);
  if (query.open === true) {
    conditions.push(stillOpen);
  }
  conditions.push(...plainOnes(query));
  return conditions.some((one) => one === null) ? null : conditions.filter((one) => one !== null);
}

/** Nothing if `values` is absent; impossible if it is empty. */
function oneOf(column: string, values: readonly string[] | undefined, dialect: Dialect, index: string): Condition | null {
  if (values === undefined) {
    return everything;
  }
  const [only, ...others] = values;
  if (only === undefined) {
    return null;
  }
  return others.length === 0
    ? { sql: `r.${column} = ?`, params: [only], leads: index, byCreation: true }
    : { sql: `r.${column} IN ${dialect.listed}`, params: [JSON.stringify(values)], leads: index };
}

const everything: Condition = { sql: 'true', params: [] };

function searched(q: string, dialect: Dialect): Condition | null {
  if (q.length > 1_000) {
    throw new EngineError('QUERY_INVALID', { parameter: 'q', reason: 'It is longer than 1,000 characters.' });
  }
  const words = wordsOf(q).slice(0, 20);
  // A text without letters or digits searches for nothing: no restriction if it is blank, no match otherwise.
  if (words.length === 0) {
    return q.trim() === '' ? everything : null;
  }
  return { sql: dialect.found, counted: dialect.foundCount, params: [dialect.match(words)], leads: null };
}

/** Any configuration that contains the path: equality on a small table of all configurations there ever were. */
function inState(state: string | undefined): Condition {
  return state === undefined ? everything : { sql: 'r.paths IN (SELECT paths FROM configurations WHERE path = ?)', params: [state], leads: 'records_paths' };
}

/** Without those that stand in a configuration marked as settled, and without finished ones. */
const stillOpen: Condition = { sql: "r.status = 'active' AND r.paths NOT IN (SELECT paths FROM configurations WHERE path = '#settled')", params: [] };

/** Records of the processes that are read whole, and those on which one of the reader's principals is named. */
function scoped(scope: ReadScope, dialect: Dialect): Condition | null {
  const whole = `r.process IN ${dialect.listed}`;
  const all = scope.all === '*' ? [] : scope.all;
  const mayName = scope.named.length > 0 && scope.principals.length > 0;
  if (scope.all === '*') {
    return everything;
  }
  if (!mayName) {
    return all.length === 0 ? null : { sql: whole, params: [JSON.stringify(all)] };
  }
  const params = [JSON.stringify(scope.named), JSON.stringify(scope.principals)];
  if (all.length === 0) {
    const mine = `r.id IN (SELECT record FROM record_principals WHERE principal IN ${dialect.listed})`;
    return { sql: `(${whole} AND ${mine})`, params, leads: 'records_id' };
  }
  const named = `EXISTS (SELECT 1 FROM record_principals p WHERE p.record = r.id AND p.principal IN ${dialect.listed})`;
  return { sql: `(${whole} OR (${whole} AND ${named}))`, params: [JSON.stringify(all), ...params] };
}

/** Processes and status share indexes. */
function ofProcess({ processes, status }: Wanted, dialect: Dialect): (Condition | null)[] {
  const [only] = processes ?? [];
  if (processes?.length === 1 && only !== undefined && status !== undefined) {
    return [{ sql: '(r.process = ? AND r.status = ?)', params: [only, status], leads: 'records_status', byCreation: true }];
  }
  const ofStatus: Condition[] = status === undefined ? [] : [{ sql: 'r.status = ?', params: [status] }];
  return [oneOf('process', processes, dialect, 'records_process'), ...ofStatus];
}

/** Conditions that only filter. Spans of time include their beginning and exclude their end. */
function plainOnes(query: Wanted): Condition[] {
  const ones: Condition[] = query.unassigned ? [{ sql: 'r.assignee IS NULL', params: [] }] : [];
  const compare = (column: string, sign: string, value: number | undefined): void => {
    if (value !== undefined) {
      ones.push({ sql: `r.${column} ${sign} ?`, params: [value] });
    }
  };
  compare('due', '<', query.dueBefore);
  compare('created_at', '>=', query.createdFrom);
  compare('created_at', '<', query.createdTo);
  return ones;
}
