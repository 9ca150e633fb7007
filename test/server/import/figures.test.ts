import { describe, expect, it } from 'vitest';
import { type CaseFacts, factsOfRows, stations } from '../../../server/import/caseFacts.js';
import { figuresOf } from '../../../server/import/figures.js';
import { loadMapping } from '../../../server/import/mapping.js';
import { readCases } from '../../../server/import/reader.js';
import { excerpt, mappingFile } from './files.js';

const hour = 3_600_000;

function made(part: Partial<CaseFacts>): CaseFacts {
  return {
    openedAt: 0,
    resolvedAt: null,
    labels: ['New'],
    priority: 'Low',
    contact: 'Phone',
    madeSla: 'true',
    reassignments: 0,
    problem: false,
    change: false,
    ...part,
  };
}

describe('figures', () => {
  it('count a state once however many updates it had', () => {
    expect(stations(['New', 'New', 'Active', 'Active', 'New'])).toEqual(['New', 'Active', 'New']);
    const figures = figuresOf([made({ labels: ['New', 'New', 'Closed'] }), made({ labels: ['New', 'Closed'] })], ['Closed']);
    expect(figures).toMatchObject({
      cases: 2,
      events: 5,
      variants: 1,
      events_by_state: { New: 3, Closed: 2 },
      transitions_between_different_states: { 'New > Closed': 2 },
    });
  });

  it('count a case once as reopened however often it was', () => {
    const figures = figuresOf(
      [made({ labels: ['Closed', 'Active', 'Closed', 'Active', 'Closed'] }), made({ labels: ['Resolved', 'Closed'] })],
      ['Resolved', 'Closed'],
    );
    expect(figures.reopened_cases).toBe(1);
  });

  it('take the lower of two middle values, and leave out what was never resolved', () => {
    const cases = [10, 20, 30, 40].map((hours) => made({ resolvedAt: hours * hour }));
    expect(figuresOf([...cases, made({})], []).hours_opened_to_resolved).toEqual({ Low: { n: 4, median_h: 20, p90_h: 30 } });
  });

  it('of the excerpt are those its rows show', async () => {
    const mapping = await loadMapping(mappingFile);
    const all: CaseFacts[] = [];
    for await (const source of readCases(excerpt, 'number')) all.push(factsOfRows(mapping, source));
    const figures = figuresOf(all, mapping.file.compare?.closed ?? []);
    expect(figures).toMatchObject({ cases: 29, events: 235, last_state: { Closed: 29 } });
    expect(figures.transitions_between_different_states).toMatchObject({ 'Closed > Active': 1, 'New > -100': 1, 'Resolved > Awaiting User Info': 1 });
  });
});
