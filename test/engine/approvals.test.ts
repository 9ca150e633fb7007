import { describe, expect, it } from 'vitest';
import { DAY, type Running, refusal, running } from './running.js';
import { asked, cab, change, named, withPeople } from './voting.js';

describe('an approval', () => {
  it('goes through its steps, skipping those that do not apply, and asks roles and teams', async () => {
    const steps = [
      { name: 'team', voters: { teams: { var: 'record.team' } }, quorum: 'any' },
      { name: 'board', voters: { roles: ['board'] }, quorum: 'all', when: { '>': [{ var: ['record.cost', 0] }, 1000] } },
      { name: 'boss', voters: { roles: ['boss'] }, quorum: 'first' },
    ];
    const test = await running(change(steps));
    const [tom, bea, max] = [await test.user('tom', [], ['net']), await test.user('bea', ['board']), await test.user('max', ['boss'])];
    const small = await asked(test, { team: 'net' });
    const large = await asked(test, { team: 'net', cost: 5000 });
    for (const id of [small, large]) await test.send(id, 'YES', {}, tom);
    expect((await cab(test, small)).steps.map((step) => [step.name, step.status])).toEqual([
      ['team', 'approved'],
      ['board', 'skipped'],
      ['boss', 'open'],
    ]);
    expect(await cab(test, large)).toMatchObject({ step: 'board', status: 'open' });
    expect((await refusal(test.send(large, 'YES', {}, max))).code).toBe('VOTE_REFUSED');
    const open = await test.engine.transitions(large, max);
    expect(open.find((transition) => transition.type === 'YES')).toMatchObject({
      available: false,
      reasons: [{ rule: 'votes', sentence: expect.stringContaining('bea') }],
    });
    await test.send(large, 'YES', {}, bea);
    for (const id of [small, large]) expect((await test.send(id, 'YES', {}, max)).record.state).toBe('approved');
    await test.sound();
  });

  it('counts nobody twice and nobody who is not asked', async () => {
    const test = await withPeople(change(named('all')), 3);
    const id = await asked(test, { voters: ['p0', 'p1'] });
    await test.send(id, 'YES', {}, test.people[0]);
    for (const person of [test.people[0], test.people[2]]) expect((await refusal(test.send(id, 'YES', {}, person))).code).toBe('VOTE_REFUSED');
    expect(await test.look(id)).toMatchObject({ version: 3, state: 'asked' });
  });

  it('lets a stand-in vote for an absent voter, and only then, and only once', async () => {
    const test = await withPeople(change(named('all')), 2);
    const sam = await test.user('sam', []);
    const away = async (absentUntil: number | null) => {
      await test.engine.people.saveUser({ ...((await test.engine.people.user('p0')) as never as object), standIn: 'sam', absentUntil } as never);
      await test.engine.users();
    };
    await away(null);
    const id = await asked(test, { voters: ['p0', 'p1'] });
    expect((await refusal(test.send(id, 'YES', {}, sam))).code).toBe('VOTE_REFUSED');
    await away(test.clock.now() + DAY);
    expect((await test.send(id, 'YES', {}, sam)).record.approvals.cab?.votes).toMatchObject([{ voter: 'p0', by: 'sam', choice: 'approve' }]);
    for (const person of [sam, test.people[0]]) expect((await refusal(test.send(id, 'YES', {}, person))).code).toBe('VOTE_REFUSED');
    expect((await test.send(id, 'YES', {}, test.people[1])).record.state).toBe('approved');
    await test.sound();
  });

  it('knows no stand-ins where the process wants none', async () => {
    const test = await withPeople(change(named('all'), { standIns: false }), 1);
    const sam = await test.user('sam', []);
    await test.engine.people.saveUser({
      ...((await test.engine.people.user('p0')) as never as object),
      standIn: 'sam',
      absentUntil: test.clock.now() + DAY,
    } as never);
    const id = await asked(test, { voters: ['p0'] });
    expect((await refusal(test.send(id, 'YES', {}, sam))).code).toBe('VOTE_REFUSED');
  });

  it('excludes whom the process excludes', async () => {
    const test = await withPeople(change(named('any'), { exclude: [{ var: 'record.owner' }, { var: 'record.createdBy' }] }), 3);
    const { id } = await test.create('change', { voters: ['p0', 'p1', 'p2'], owner: 'p0' }, test.people[1]);
    await test.send(id, 'ASK');
    expect((await cab(test, id)).steps[0]?.voters).toEqual(['p2']);
    for (const person of test.people.slice(0, 2)) expect((await refusal(test.send(id, 'YES', {}, person))).code).toBe('VOTE_REFUSED');
  });

  it('fixes its voters when it begins', async () => {
    const steps = [{ name: 'board', voters: { roles: ['board'], users: { var: 'record.voters' } }, quorum: 'all' }];
    const test = await running(change(steps));
    const bea = await test.user('bea', ['board']);
    const id = await asked(test, { voters: [] });
    const late = await test.user('late', ['board']);
    await test.send(id, 'EDIT', { voters: ['ann'] });
    expect((await refusal(test.send(id, 'YES', {}, late))).code).toBe('VOTE_REFUSED');
    expect((await test.send(id, 'YES', {}, bea)).record.state).toBe('approved');
    await test.sound();
  });

  it('lapses in the very step that changes what was approved, and begins anew without the old votes', async () => {
    const test = await withPeople(change(named('all')), 2);
    const id = await asked(test, { voters: ['p0', 'p1'] });
    await test.send(id, 'YES', {}, test.people[0]);
    expect((await test.send(id, 'EDIT', { note: 'not bound' })).record.approvals.cab).toMatchObject({ attempt: 1, votes: [{ voter: 'p0' }] });
    const { record } = await test.send(id, 'EDIT', { cost: 900 });
    expect(record).toMatchObject({ state: 'asked', version: 5, approvals: { cab: { attempt: 2, status: 'open', votes: [] } } });
    expect((await test.send(id, 'YES', {}, test.people[1])).record.state).toBe('asked');
    expect((await test.send(id, 'YES', {}, test.people[0])).record.state).toBe('approved');
    await test.sound();
  });

  it('ends when its state is left, and begins a new attempt on return', async () => {
    const test = await withPeople(change(named('all')), 2);
    const id = await asked(test, { voters: ['p0', 'p1'] });
    await test.send(id, 'NO', {}, test.people[0]);
    expect((await test.look(id)).state).toBe('refused');
    await test.send(id, 'ASK');
    expect(await cab(test, id)).toMatchObject({ attempt: 2, status: 'open', votes: [] });
    await test.send(id, 'BACK');
    expect(await cab(test, id)).toMatchObject({ attempt: 2, status: 'cancelled', step: null });
    expect((await refusal(test.send(id, 'YES', {}, test.people[1]))).code).toBe('EVENT_NOT_ACCEPTED');
    await test.sound();
  });

  it('goes on with its votes after the store was closed', async () => {
    let test: Running = await withPeople(change(named('all')), 2);
    const id = await asked(test, { voters: ['p0', 'p1'] });
    await test.send(id, 'YES', {}, { id: 'p0', roles: [], teams: [] });
    test = await test.again();
    expect((await test.send(id, 'YES', {}, { id: 'p1', roles: [], teams: [] })).record.state).toBe('approved');
    await test.sound();
  });
});
