import { describe, expect, it } from 'vitest';
import type { Quorum } from '../../engine/definitions/authored.js';
import { asked, change, named, withPeople } from './voting.js';

describe('a quorum', () => {
  /** Votes one after another until it is decided; gives the state and how many votes that took. */
  const decided = async (test: Awaited<ReturnType<typeof withPeople>>, votes: string, voters: number) => {
    const id = await asked(test, { voters: test.people.slice(0, voters).map((person) => person.id) });
    let counted = 0;
    for (const letter of votes) {
      if ((await test.look(id)).state !== 'asked') break;
      await test.send(id, letter === 'y' ? 'YES' : 'NO', {}, test.people[counted]);
      counted += 1;
    }
    return [(await test.look(id)).state, counted];
  };

  it.each<[Quorum, [string, number, string, number][]]>([
    [
      'all',
      [
        ['yyy', 3, 'approved', 3],
        ['yny', 3, 'refused', 2],
      ],
    ],
    [
      'any',
      [
        ['nny', 3, 'approved', 3],
        ['y', 3, 'approved', 1],
        ['nnn', 3, 'refused', 3],
      ],
    ],
    [
      'first',
      [
        ['n', 3, 'refused', 1],
        ['y', 3, 'approved', 1],
      ],
    ],
    [
      { number: 2 },
      [
        ['yny', 3, 'approved', 3],
        ['nny', 3, 'refused', 2],
        ['yy', 5, 'approved', 2],
      ],
    ],
    [
      { percent: 60 },
      [
        ['yyy', 5, 'approved', 3],
        ['nnn', 5, 'refused', 3],
        ['yynny', 5, 'approved', 5],
      ],
    ],
    [
      { percent: 50 },
      [
        ['yy', 3, 'approved', 2],
        ['nyn', 3, 'refused', 3],
        ['y', 2, 'approved', 1],
      ],
    ],
  ])('of %j is reached, or refused as soon as it is out of reach', async (quorum, cases) => {
    const test = await withPeople(change(named(quorum)), 5);
    for (const [votes, voters, state, counted] of cases) expect(await decided(test, votes, voters), `${votes} of ${voters}`).toEqual([state, counted]);
    await test.sound();
  });

  it('that no voters can reach refuses at once', async () => {
    for (const quorum of ['all', 'any', 'first', { number: 2 }, { percent: 50 }] as const) {
      const test = await withPeople(change(named(quorum)), 1);
      expect(await test.look(await asked(test, { voters: [] })), JSON.stringify(quorum)).toMatchObject({
        state: 'refused',
        approvals: { cab: { status: 'refused' } },
      });
    }
  });
});
