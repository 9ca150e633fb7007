import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Operations } from '../../../engine/index.js';
import { operationsModel } from '../../../server/admin/operationsModel.js';
import { startTroubledServer, type Troubled } from '../monitoring/troubledServer.js';
import { Visitor } from '../testServer.js';

const HOUR = 3_600_000;
let world: Troubled;
let root: Visitor;
const numbers = { timer: '', effect: '' };

beforeAll(async () => {
  world = await startTroubledServer();
  root = await new Visitor(world.server).signIn('root');
  const broken = await world.create({ amount: 0 });
  const telling = await world.create({ amount: 10 });
  await world.say(telling.id);
  numbers.timer = broken.number;
  numbers.effect = telling.number;
  await world.server.engine.wake();
  await world.wait(5 * HOUR);
});
afterAll(() => world.close());

/** The page's text without its markup. */
async function page(): Promise<string> {
  const { status, text } = await root.get('/admin/operations');
  expect(status).toBe(200);
  return text
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/&#x?\w+;|&\w+;/g, ' ')
    .replaceAll(/\s+/g, ' ');
}
const press = async (fields: Readonly<Record<string, string>>): Promise<string> => {
  await root.get('/admin/operations');
  const answer = await root.post('/admin/operations', fields);
  expect([answer.status, answer.location]).toEqual([303, '/admin/operations']);
  return page();
};

describe('the page of operations', () => {
  it('shows what failed, of which record, and why', async () => {
    const text = await page();
    expect(text).toContain('Webhook to elsewhere');
    expect(text).toContain('no administrator has named this target');
    expect(text).toContain(numbers.effect);
    expect(text).toContain('perHead');
    expect(text).toContain('Opening the record of the schedule thing.daily');
    expect(text).toContain('No mail server is set');
    expect(text).toContain('Nobody has had anything tried again yet.');
  });

  it('is for administrators only, and so is every retry', async () => {
    const ann = await new Visitor(world.server).signIn('ann');
    expect((await ann.get('/admin/operations')).status).toBe(403);
    expect((await ann.post('/admin/operations', { all: 'effects' })).status).toBe(403);
    expect((await new Visitor(world.server).get('/admin/operations')).location).toContain('/sign-in');
  });

  it('refuses a form that names nothing', async () => {
    await root.get('/admin/operations');
    expect((await root.post('/admin/operations', {})).status).toBe(400);
    expect((await root.post('/admin/operations', { all: 'everything' })).status).toBe(400);
    expect((await root.post('/admin/operations', { job: 'no such job' })).status).toBe(404);
  });

  it('has a delivery tried again, once what was wrong is mended, and keeps who did that', async () => {
    const [parked] = (await world.server.engine.parked()).effects;
    expect(await press({ effect: parked?.key ?? '' })).toContain('It will be tried again now.');
    expect(await press({ effect: parked?.key ?? '' })).toContain('There was nothing left to try again');
    await world.wait(HOUR);
    expect(await page()).toContain('Webhook to elsewhere');
    const text = await press({ all: 'effects' });
    expect(text).toContain('No delivery waits for a person.');
    expect(text).toMatch(/All parked deliveries root/);
    expect(world.lines().filter(({ msg }) => msg === 'tried again by hand')).toMatchObject([
      { by: 'root', tried: 1 },
      { by: 'root', tried: 0 },
      { by: 'root', what: { all: 'effects' }, tried: 1 },
    ]);
  });

  it('has a timer tried again, and takes up at once what is late', async () => {
    const { engine, clock } = world.server;
    const [parked] = (await engine.parked()).timers;
    expect(await press({ record: parked?.record ?? '', timer: parked?.key ?? '' })).toContain('It will be tried again now.');
    const { number } = await world.create({ amount: 10 });
    clock.set(clock.now() + HOUR);
    expect(await page()).toMatch(new RegExp(`Late timers.*${number}`));
    const text = await press({ job: 'waking' });
    expect(text).toContain('It went well this time.');
    expect(text).toContain('No timer has been due for more than a minute.');
    expect(await press({ all: 'timers' })).toContain('No timer waits for a person.');
  });

  it('takes a job off the list until it fails again', async () => {
    const text = await press({ dismiss: 'schedule thing.daily' });
    expect(text).toContain('It is off the list');
    expect(text).toContain('Every job went well the last time.');
    expect(text).toContain('Off the list: Opening the record of the schedule thing.daily root');
  });

  it('runs a job again and says how it went', async () => {
    expect(await press({ job: 'schedule thing.daily' })).toContain('It failed again.');
    await world.server.user({ id: 'nobody' });
    await world.server.engine.users();
    const text = await press({ job: 'schedule thing.daily' });
    expect(text).toContain('It went well this time.');
    expect(text).toContain('Every job went well the last time.');
  });
});

describe('the page of operations, of records that the reader may not see', () => {
  it('names neither those whom a message was for nor the record that a signal was for', () => {
    const common = { attempts: 5, createdAt: 0, availableAt: 0, parked: true, lastError: '550 no such person as carla@example.com' };
    const effects = [
      { ...common, key: 'a:1:0', record: 'a', effect: { type: 'notify', to: ['carla'], message: 'told', params: {} } },
      { ...common, key: 'a:1:1', record: 'a', effect: { type: 'signal', event: 'thing.HEARD', record: 'b', data: {}, trail: [] } },
    ] as unknown as Operations['effects'];
    const depth = { effects: 0, timers: 0, timersDue: 0, parkedEffects: 2, parkedTimers: 0, oldestEffect: null, oldestTimer: null };
    const operations: Operations = { effects, timers: [], depth, lateTimers: [], failedJobs: [], retries: [], writerWaiting: 0 };
    const model = (numbers: ReadonlyMap<string, string>): string =>
      JSON.stringify(operationsModel({ operations, report: { ready: true, parts: [] }, numbers, now: 0, sendsMail: true }));
    const unseen = model(new Map());
    expect(unseen).toContain('Signal thing.HEARD to another record');
    expect(unseen).toContain('Message \\"told\\"');
    expect(unseen).not.toContain('carla');
    expect(model(new Map([['a', 'THG-1']]))).toContain('to carla');
    expect(model(new Map([['b', 'THG-2']]))).toContain('Signal thing.HEARD to THG-2');
  });
});
