/** The page people begin their day with. */

import { recordRow } from '../presenters/recordRow.js';
import { readAround } from '../queries/reading.js';
import { type Lane, readWork } from '../queries/work.js';
import { type Route, signedIn } from '../web/route.js';
import type { Visit } from '../web/visit.js';

function greeting(now: number, zone: string): string {
  const hour = Number(new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', hour12: false }).format(new Date(now)));
  if (hour < 5 || hour >= 18) return 'Good evening';
  return hour < 12 ? 'Good morning' : 'Good afternoon';
}

async function show(visit: Visit): Promise<void> {
  const { engine } = visit.services;
  const work = await readWork(visit);
  const lanes = { votes: work.votes, mine: work.mine, queue: work.queue, requested: work.requested };
  const reading = await readAround(
    visit,
    Object.values(lanes).flatMap(({ records }) => records),
  );
  const shown = (id: string, title: string, lane: Lane, nothing: { readonly title: string; readonly text: string | null; readonly icon: string }) => ({
    id,
    title,
    total: lane.total,
    rows: lane.records.map((record) => recordRow(record, reading.words(record), reading)),
    nothing,
  });
  const teams = visit.actor.teams.length;
  const first = visit.user?.name.split(' ')[0] ?? '';
  await visit.page({
    view: 'staff/work',
    title: 'My work',
    current: '/',
    model: {
      title: `${greeting(engine.now(), visit.zone)}, ${first}`,
      tally: [
        { href: '#mine', number: work.mine.total, title: 'assigned to you', tone: '' },
        { href: '#mine', number: work.overdue, title: 'of them overdue', tone: work.overdue > 0 ? 'danger' : '' },
        { href: '#queue', number: work.queue.total, title: teams > 0 ? 'wait in your teams' : 'in teams: you are in none', tone: '' },
        { href: '#votes', number: work.votes.total, title: 'ask for your vote', tone: work.votes.total > 0 ? 'warning' : '' },
      ],
      lanes: [
        ...(work.votes.total > 0 ? [shown('votes', 'Waiting for your vote', work.votes, { icon: 'vote', title: 'No vote is open.', text: null })] : []),
        shown('mine', 'Assigned to you', work.mine, {
          icon: 'check',
          title: 'Nothing is assigned to you.',
          text: teams > 0 ? 'Take something from the queue of your teams below.' : null,
        }),
        ...(teams > 0
          ? [shown('queue', 'Queue of your teams', work.queue, { icon: 'inbox', title: 'Nothing waits in the queue of your teams.', text: null })]
          : []),
        shown('requested', 'What you asked for', work.requested, { icon: 'send', title: 'Nothing of yours is open.', text: null }),
      ],
    },
  });
}

export function workRoutes(): readonly Route[] {
  return [{ method: 'get', path: '/', allow: signedIn, handle: show }];
}
