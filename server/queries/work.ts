/** What waits for one person: own work, the queues of the teams, votes, own requests. */
import type { RecordView } from '../../engine/index.js';
import { awaitsVote } from '../presenters/approvals.js';
import type { Visit } from '../web/visit.js';

const SHOWN = 25;
const COUNTED = 500;
const ASKED = 100;

export interface Lane {
  readonly records: readonly RecordView[];
  /** How many there are, at most 500 counted. */
  readonly total: number;
}

export interface Work {
  readonly votes: Lane;
  readonly mine: Lane;
  readonly queue: Lane;
  readonly requested: Lane;
  readonly overdue: number;
}

const empty: Lane = { records: [], total: 0 };

/** People whose votes this person may give: their own, and those of absent colleagues who named them. */
async function votesFor(visit: Visit): Promise<readonly string[]> {
  const now = visit.services.engine.now();
  const users = await visit.services.engine.users();
  const absent = users.filter((user) => user.standIn === visit.actor.id && user.absentUntil !== null && user.absentUntil > now);
  return [visit.actor.id, ...absent.map(({ id }) => id)];
}

/** Records whose open approval step asks this person; looked for where the processes say that approvals happen. */
async function awaitingVote(visit: Visit): Promise<Lane> {
  const { engine } = visit.services;
  const voters = await votesFor(visit);
  const processes = (await engine.processes(visit.actor)).filter(({ mayRead }) => mayRead);
  const places = await Promise.all(
    processes.map(async ({ key }) => {
      const { process } = await engine.definition(key, visit.actor);
      return Object.values(process.approvals ?? {}).map(({ state }) => ({ key, state }));
    }),
  );
  const pages = await Promise.all(
    places.flat().map(({ key, state }) => engine.list({ processes: [key], state, open: true, sort: 'created', direction: 'asc', limit: ASKED }, visit.actor)),
  );
  const found = new Map(pages.flatMap(({ items }) => items.filter((record) => awaitsVote(record.approvals, voters)).map((record) => [record.id, record])));
  return { records: [...found.values()].slice(0, SHOWN), total: found.size };
}

async function lane(visit: Visit, query: Omit<Parameters<typeof visit.services.engine.list>[0], 'limit'>): Promise<Lane> {
  const { engine } = visit.services;
  const [page, total] = await Promise.all([
    engine.list({ ...query, open: true, sort: 'due', direction: 'asc', limit: SHOWN }, visit.actor),
    engine.count({ ...query, open: true }, visit.actor, COUNTED),
  ]);
  return { records: page.items, total };
}

export async function readWork(visit: Visit): Promise<Work> {
  const { engine } = visit.services;
  const { id, teams } = visit.actor;
  const [votes, mine, queue, requested, overdue] = await Promise.all([
    awaitingVote(visit),
    lane(visit, { assignee: id }),
    teams.length > 0 ? lane(visit, { teams, unassigned: true }) : empty,
    lane(visit, { requester: id }),
    engine.count({ assignee: id, open: true, dueBefore: engine.now() }, visit.actor, COUNTED),
  ]);
  return { votes, mine, queue, requested, overdue };
}
