import { beforeEach, describe, expect, it } from 'vitest';
import { createManualClock, type ManualClock } from '../../engine/clock.js';
import { createStandings, type Standings } from '../../engine/store/postgres/standings.js';

let clock: ManualClock;
let standings: Standings;
beforeEach(() => {
  clock = createManualClock(0);
  standings = createStandings(1_000, () => clock.now());
});
const pass = (ms: number): void => clock.set(clock.now() + ms);

describe('a replica that does not answer', () => {
  it('is left alone, each time for twice as long, but never for good', () => {
    const left: number[] = [];
    for (let time = 0; time < 9; time += 1) {
      standings.gone('a');
      for (let seconds = 1; ; seconds += 1) {
        pass(1_000);
        if (!standings.away('a')) {
          left.push(seconds);
          break;
        }
      }
    }
    expect(left).toEqual([1, 2, 4, 8, 16, 32, 64, 64, 64]);
  });

  it('is then tried by one, and by all once it answered', () => {
    standings.gone('a');
    expect(standings.mayTry('a')).toBe(false);
    pass(1_000);
    expect([standings.mayTry('a'), standings.mayTry('a')]).toEqual([true, false]);
    standings.answered('a');
    expect([standings.mayTry('a'), standings.mayTry('a'), standings.away('a')]).toEqual([true, true, false]);
    standings.gone('a');
    pass(1_000);
    expect(standings.away('a')).toBe(false);
  });

  it('says nothing about another', () => {
    standings.gone('a');
    expect([standings.away('a'), standings.away('b'), standings.mayTry('b')]).toEqual([true, false, true]);
  });
});

describe('a replica that is behind', () => {
  it('is left alone for as long each time', () => {
    for (let time = 0; time < 5; time += 1) {
      standings.behind('a');
      expect(standings.away('a')).toBe(true);
      pass(1_000);
      expect(standings.away('a')).toBe(false);
    }
  });
});
