import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyToData } from '../../../engine/rules/library.js';

/** The library as published: a copy of its own, whose operators nobody altered. */
function pristine(): { apply(rule: unknown, data: unknown): unknown } {
  const require = createRequire(import.meta.url);
  const path = require.resolve('json-logic-js');
  delete require.cache[path];
  return require(path) as { apply(rule: unknown, data: unknown): unknown };
}

const library = pristine();
const scalar = fc.oneof(fc.integer({ min: -20, max: 20 }), fc.constantFrom('a', 'b', '10', '9', '', 'high', 0.5), fc.boolean(), fc.constant(null));
const path = fc.constantFrom('a', 'b', 'c.d', 'list', 'list.0', 'list.length', 'missing', 'a.b.c', '');
const two = ['==', '===', '!=', '!==', '<', '<=', '>', '>=', '+', '-', '*', '/', '%', 'in', 'min', 'max', 'cat', 'and', 'or', 'substr', 'merge'];
const three = ['if', '?:', '<', '<=', 'and', 'or', 'cat', 'merge', '+', 'max', 'substr'];

const { rule } = fc.letrec<{ rule: unknown }>((tie) => ({
  rule: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    scalar,
    path.map((name) => ({ var: name })),
    fc.tuple(path, scalar).map((args) => ({ var: args })),
    fc.array(path, { maxLength: 3 }).map((names) => ({ missing: names })),
    fc.tuple(fc.integer({ min: 0, max: 3 }), fc.array(path, { maxLength: 3 })).map((args) => ({ missing_some: args })),
    fc.tuple(fc.constantFrom(...two), tie('rule'), tie('rule')).map(([name, ...args]) => ({ [name]: args })),
    fc.tuple(fc.constantFrom(...three), tie('rule'), tie('rule'), tie('rule')).map(([name, ...args]) => ({ [name]: args })),
    fc.tuple(fc.constantFrom('!', '!!', 'min', 'cat', '+', '-'), tie('rule')).map(([name, arg]) => ({ [name]: [arg] })),
    fc
      .tuple(fc.constantFrom('map', 'filter', 'all', 'some', 'none'), fc.oneof(fc.constant({ var: 'list' }), tie('rule')), tie('rule'))
      .map(([name, ...args]) => ({ [name]: args })),
    fc
      .tuple(
        fc.constant({ var: 'list' }),
        fc.constantFrom({ '+': [{ var: 'current' }, { var: 'accumulator' }] }, { cat: [{ var: 'accumulator' }, { var: 'current' }] }),
        scalar,
      )
      .map((args) => ({ reduce: args })),
  ),
}));
const data = fc.record({ a: scalar, b: scalar, c: fc.record({ d: scalar }), list: fc.array(scalar, { maxLength: 4 }) });

describe('rules that Charter and json-logic-js both accept', () => {
  it('give the same value', () => {
    let compared = 0;
    fc.assert(
      fc.property(rule, data, (logic, facts) => {
        let ours: unknown;
        try {
          ours = applyToData(logic, facts);
        } catch {
          return;
        }
        const theirs = library.apply(logic, facts);
        expect(ours).toEqual(theirs === undefined ? null : theirs);
        compared += 1;
      }),
      { numRuns: 10_000 },
    );
    expect(compared).toBeGreaterThan(5_000);
  }, 60_000);
});
