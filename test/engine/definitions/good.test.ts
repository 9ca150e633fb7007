import { describe, expect, it } from 'vitest';
import { createMachine } from 'xstate';
import { briefly, problemsOf } from './examples.js';
import { goodCharts } from './goodCharts.js';
import { goodFolders } from './goodFolders.js';

describe('good definitions are never refused', () => {
  it.each(Object.entries(goodCharts))('%s', (_what, example) => {
    expect(briefly(problemsOf(example))).toEqual([]);
    // The library must take what we take.
    const { context: _context, types: _types, ...config } = example.files['statechart.json'] as Record<string, unknown>;
    expect(() => createMachine({ id: 'example', ...config } as never)).not.toThrow();
  });

  it.each(Object.entries(goodFolders))('%s', (_what, example) => {
    expect(briefly(problemsOf(example))).toEqual([]);
  });
});
