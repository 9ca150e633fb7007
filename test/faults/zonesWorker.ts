/** Lives through a leap year's winter in one stroke, in whatever time zone its machine is, and tells what happened when. */
import { createEngine, createManualClock, type EngineOptions } from '../../engine/index.js';

export const WINTER = { from: Date.parse('2027-12-30T00:00:00Z'), to: Date.parse('2028-04-05T00:00:00Z') };

const [options] = process.argv.slice(2);
if (options) {
  const actor = { id: 'ann', roles: ['process-owner'], teams: [] };
  const engine = await createEngine({ ...(JSON.parse(options) as EngineOptions), clock: createManualClock(WINTER.from) });
  await engine.wake();
  await engine.create({ process: 'waiter', data: { title: 'over new year', until: '2028-02-29T23:59:59Z' }, actor });
  await engine.create({ process: 'waiter', data: { title: 'over the change', until: '2028-03-26T01:30:00Z' }, actor });
  await engine.advanceTo(WINTER.to);
  const reader = { id: 'ada', roles: ['auditor'], teams: [] };
  const told: string[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await engine.entries({ limit: 200, direction: 'asc', ...(cursor ? { cursor } : {}) }, reader);
    told.push(...page.items.map(({ at, event, to, data }) => JSON.stringify([new Date(at).toISOString(), event, to, data.title ?? null])));
    cursor = page.next;
  }
  process.stdout.write(`${JSON.stringify(told.sort())}\n`);
  await engine.close();
}
