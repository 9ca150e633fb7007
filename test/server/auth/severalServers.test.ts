import { describe, expect, it, onTestFinished } from 'vitest';
import type { RunningEngine } from '../../../engine/index.js';
import { PeopleSessionStore } from '../../../server/auth/sessionStore.js';
import { createSetUp } from '../../../server/auth/setUp.js';
import { createSignInDelay } from '../../../server/auth/signInDelay.js';
import { createTestStore, type TestStore } from '../../engine/store/testStore.js';

const wall = (): number => 1_000;

/** The same database as two servers have it. */
async function two(): Promise<readonly [TestStore['store'], TestStore['store']]> {
  const test = await createTestStore();
  const other = await test.again();
  onTestFinished(async () => {
    await other.close();
    await test.drop();
  });
  return [test.store, other];
}

type Kept = Parameters<PeopleSessionStore['set']>[1];
const settle = (work: (done: (error?: unknown) => void) => void): Promise<void> =>
  new Promise((resolve, reject) => work((error) => (error ? reject(error) : resolve())));
const load = (sessions: PeopleSessionStore): Promise<Kept | null> =>
  new Promise((resolve, reject) => sessions.get('sid', (error, data) => (error ? reject(error) : resolve(data ?? null))));

describe('on several servers', () => {
  it('a session that was ended on one is not brought back by a request under way on another', async () => {
    const [here, there] = (await two()).map(({ people }) => new PeopleSessionStore(people, wall)) as [PeopleSessionStore, PeopleSessionStore];
    const fresh = { cookie: {}, user: 'ann', since: wall() } as unknown as Kept;
    await settle((done) => here.set('sid', fresh, done));
    const underWay = await load(there);
    expect(underWay?.user).toBe('ann');
    await settle((done) => here.destroy('sid', done));
    await settle((done) => there.set('sid', { ...underWay, notice: { tone: 'good', text: 'Done.' } } as Kept, done));
    await settle((done) => there.touch('sid', { ...underWay, stored: 0 } as Kept, () => done()));
    expect([await load(here), await load(there)]).toEqual([null, null]);
  });

  it('the link of the first start is the same, and one person uses it at a time', async () => {
    const engines = (await two()).map((store) => ({ people: store.people, leases: store.queue }) as Pick<RunningEngine, 'people' | 'leases'>);
    const [here, there] = await Promise.all(engines.map((engine) => createSetUp(engine, 'a secret that all servers share')));
    expect(here?.path).toBe(there?.path);
    const token = new URLSearchParams(here?.path?.split('?')[1]).get('token') ?? '';
    expect(await there?.admits(token)).toBe(true);
    expect(await there?.admits(`${token}x`)).toBe(false);
    let during: unknown = null;
    await here?.alone(async () => {
      during = await there?.alone(async () => undefined).catch((error: unknown) => error);
    });
    expect(during).toMatchObject({ code: 'BUSY' });
    await there?.alone(async () => undefined);
  });

  it('nobody may try a password while the count of tries can not be read', async () => {
    const [, there] = await two();
    const delay = createSignInDelay(there.limits);
    await there.close();
    await expect(delay.admit({ account: 'ann', address: '10.0.0.1' }, 0)).rejects.toThrow();
  });
});
