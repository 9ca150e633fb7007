import { describe, expect, it } from 'vitest';
import { tryOut } from '../../../engine/trial/index.js';
import { shippedSources } from '../shippedSources.js';

const tried = tryOut(shippedSources());

describe('the shipped processes', () => {
  it('have no problem, not even a warning', () => {
    expect(tried.problems).toEqual([]);
  });

  it('pass all their scenarios', () => {
    expect(tried.scenarios.length).toBeGreaterThan(20);
    expect(tried.scenarios.filter((scenario) => !scenario.passed)).toEqual([]);
  });

  it('have scenarios that take every transition', () => {
    expect(tried.uncovered).toEqual([]);
  });

  it('are explored beyond their scenarios', () => {
    for (const process of tried.processes) expect(process.exploredStates, process.key).toBeGreaterThan(1);
  });
});
