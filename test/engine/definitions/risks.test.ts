/** The risks of RISKS.md 2.1 that definitions bring: each was seen to go wrong in XState, each must be refused here. */
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../engine/definitions/authored.js';
import { beside, chart } from '../../../engine/definitions/problems/kind.js';
import { problemsOf } from './examples.js';

const closed = { type: 'final' };
const open = { on: { CLOSE: 'closed' } };
const guarded = (guard: Json) => chart({ open: { on: { CLOSE: { target: 'closed', guard } } }, closed });
const errors = (example: Parameters<typeof problemsOf>[0]) =>
  problemsOf(example)
    .filter(({ severity }) => severity === 'error')
    .map(({ code }) => code);

describe('risks of definitions', () => {
  it.each([null, '', false, 0])('D1: a guard that is %j does not open the way', (guard) => expect(errors(guarded(guard))).toEqual(['GUARD_EMPTY']));

  it.each(['gaurd', 'Guard', 'condition', 'if'])('D1: the misspelt key %s is not passed over', (key) => {
    expect(errors(chart({ open: { on: { CLOSE: { target: 'closed', [key]: 'x' } } }, closed }))).toEqual(['KEY_UNKNOWN']);
  });

  it.each(['constructor', 'toString', 'hasOwnProperty', '__proto__', 'valueOf'])(
    'D2: the inherited name %s is no guard, action, target, state, role, field or calendar',
    (name) => {
      expect(errors(guarded(name))).toEqual(['GUARD_UNKNOWN']);
      expect(errors(guarded({ type: name }))).toEqual(['GUARD_UNKNOWN']);
      expect(errors(chart({ open: { on: { CLOSE: { target: 'closed', actions: name } } }, closed }))).toEqual(['ACTION_UNKNOWN']);
      expect(errors(chart({ open: { on: { CLOSE: 'closed', GO: name } }, closed }))).toEqual(['TARGET_UNKNOWN']);
      expect(errors(chart({ open, closed }, { initial: name }))).toEqual(['INITIAL_UNKNOWN']);
      expect(errors(chart({ open: { on: { CLOSE: { target: 'closed', meta: { roles: [name] } } } }, closed }))).toEqual(['ROLE_UNKNOWN']);
      expect(errors(chart({ open: { on: { CLOSE: { target: 'closed', meta: { form: [name] } } } }, closed }))).toEqual(['FIELD_UNKNOWN']);
      expect(errors(chart({ open: { on: { CLOSE: 'closed' }, after: { [name]: 'closed' } } as JsonObject, closed }))).toHaveLength(1);
      expect(
        errors({ files: { 'statechart.json': `{"initial":"open","states":{"open":{"on":{"CLOSE":"${name}"}},"${name}":{"type":"final"}}}` } }),
      ).not.toEqual([]);
    },
  );

  it.each(['xstate.done.state.example.open', 'xstate.init', 'xstate.stop', '*', 'clock.*', 'record.*', 'clock.none.breached', 'approval.none.lapsed', 'a.b.c'])(
    'D3: a chart can not listen for %s',
    (event) => {
      expect(errors(chart({ open: { on: { CLOSE: 'closed', [event]: 'closed' } }, closed }))).toHaveLength(1);
    },
  );

  it.each<[string, JsonObject]>([
    ['two states that lead to each other', { open: { always: 'b', on: { CLOSE: 'closed' } }, b: { always: 'open' }, closed }],
    ['a state that leads to itself', { open: { always: 'open', on: { CLOSE: 'closed' } }, closed }],
    ['a state that always does something', { open: { always: { actions: { type: 'webhook', params: { target: 'x' } } }, on: { CLOSE: 'closed' } }, closed }],
    ['a parent that always enters its child', { open: { initial: 'a', always: '.b', on: { CLOSE: 'closed' }, states: { a: {}, b: {} } }, closed }],
    [
      'a compound state that is done at once',
      { open: { initial: 'end', onDone: 'open', on: { CLOSE: 'closed' }, states: { end: { type: 'final' } } }, closed },
    ],
    ['an event that raises itself', { open: { on: { CLOSE: 'closed', AGAIN: { actions: { type: 'raise', params: { event: 'AGAIN' } } } } }, closed }],
    [
      'two events that raise each other',
      {
        open: { on: { CLOSE: 'closed', A: { actions: { type: 'raise', params: { event: 'B' } } }, B: { actions: { type: 'raise', params: { event: 'A' } } } } },
        closed,
      },
    ],
    [
      'a state that raises what enters it again',
      { open: { entry: { type: 'raise', params: { event: 'AGAIN' } }, on: { CLOSE: 'closed', AGAIN: { target: 'open', reenter: true } } }, closed },
    ],
  ])('D4: %s never comes to rest', (_what, states) => expect(errors(chart(states))).toEqual(['LOOP_ENDLESS']));

  it('D4: the limits of the engine can not be changed', () =>
    expect(errors(chart({ open, closed }, { options: { maxIterations: -1 } }))).toEqual(['OPTIONS_REFUSED']));

  it.each(['1h', 'none', '-1', '1.5', 'NaN', 'Infinity', ' 5', '1e3', ''])('D5: after %j does not fire at once', (delay) => {
    expect(errors(chart({ open: { on: { CLOSE: 'closed' }, after: { [delay]: 'closed' } }, closed }))).toEqual(['DELAY_UNKNOWN']);
  });

  it.each<[Json]>([[-1], [''], ['1h'], [null], [true], ['PT'], ['P1Y1W'], [{}], [{ business: 'PT1H' }], [{ until: {} }], ['-PT1H']])(
    'D5: %j is no delay',
    (delay) => {
      expect(errors(beside({ 'rules.json': { delays: { soon: delay } } })).length).toBeGreaterThan(0);
    },
  );

  it('D5: long delays are allowed', () =>
    expect(errors(chart({ open: { on: { CLOSE: 'closed' }, after: { '31536000000': 'closed', '2147483648': 'closed' } }, closed }))).toEqual([]));

  it.each([
    ['Upper', true],
    ['with-dash', true],
    ['with space', true],
    ['a.b', false],
    ['', false],
    ['#a', false],
    ['.a', false],
    [' a', false],
    ['a\nb', false],
    ['x'.repeat(101), false],
  ])('D8: %j as the key of a state: %s', (key, good) => {
    expect(errors(chart({ open: { on: { CLOSE: 'closed' }, initial: key, states: { [key]: {} } }, closed }))).toEqual(
      good ? [] : expect.arrayContaining([expect.stringMatching(/STATE_KEY|VALUE_INVALID/)]),
    );
  });

  it('D9: ids are unique, among themselves and among generated paths', () => {
    expect(errors(chart({ open: { ...open, id: 'example.closed' }, closed }))).toEqual(['ID_DUPLICATE']);
    expect(errors(chart({ open: { ...open, id: 'example' }, closed }))).toEqual(['ID_DUPLICATE']);
    expect(errors(chart({ open: { ...open, id: 'a', initial: 'b', states: { b: { id: 'a' } } }, closed }))).toEqual(['ID_DUPLICATE']);
  });

  it('D10: nothing is shared between records', () => expect(errors(chart({ open, closed }, { context: { seen: [] } }))).toEqual(['CONTEXT_REFUSED']));

  it('D12: what the library would ignore is refused', () => {
    expect(errors(chart({ open: { ...open, entry: { type: 'xstate.raise', params: { event: 'X' } } }, closed }))).toEqual(['ACTION_UNKNOWN']);
    expect(errors(chart({ open: { ...open, invoke: { src: 'x', onDone: 'closed' } }, closed }))).toEqual(['INVOKE_REFUSED']);
    expect(errors(chart({ open: { ...open, entry: 'notify' }, closed }))).toEqual(['ACTION_INCOMPLETE']);
  });

  it.each<[string, JsonObject, string]>([
    ['a final state with transitions', { open, closed: { type: 'final', on: { A: 'open' } } }, 'FINAL_CONTINUES'],
    ['a final state with children', { open, closed: { type: 'final', initial: 'a', states: { a: {} } } }, 'FINAL_CONTINUES'],
    ['a parallel state without regions', { open: { ...open, type: 'parallel' }, closed }, 'PARALLEL_EMPTY'],
    ['an unknown type', { open: { ...open, type: 'atomicc' }, closed }, 'VALUE_NOT_ALLOWED'],
    [
      'a history state that leads nowhere',
      { open: { ...open, initial: 'a', states: { a: { on: { B: 'h' } }, h: { type: 'history', target: 'none' } } }, closed },
      'TARGET_UNKNOWN',
    ],
    ['an initial history state without a target', { open: { ...open, initial: 'h', states: { a: {}, h: { type: 'history' } } }, closed }, 'HISTORY_MISPLACED'],
    ['an empty compound state', { open: { ...open, type: 'compound', states: {} }, closed }, 'STATE_TYPE'],
    ['a dotted initial state', { open: { ...open, initial: 'a.b', states: { a: { initial: 'b', states: { b: {} } } } }, closed }, 'INITIAL_UNKNOWN'],
  ])('D14: %s', (_what, states, code) => expect(errors(chart(states))).toEqual(expect.arrayContaining([code])));

  it('D14: a target from the top that only a child has', () => expect(errors(chart({ open, closed }, { on: { END: 'closed' } }))).toEqual(['TARGET_UNKNOWN']));

  it('tells everything at once, each with its place', () => {
    const found = problemsOf({
      files: {
        'statechart.json':
          '{\n "id": "example",\n "initial": "opne",\n "states": {\n  "open": { "on": { "CLOSE": { "target": "closd", "guard": "none", "actions": "nothing", "meta": { "roles": ["nobody"], "form": ["no"] } } },\n   "onn": {} },\n  "closed": { "type": "final" }\n }\n}',
        'process.json': '{ "prefix": "x", "links": { "a": { "title": "A", "to": ["none"] } } }',
        'form.json': '{ "type": "object", "properties": { "a": { "type": "strin" } } }',
        'rules.json': '{ "guards": { "g": { "===": [1] , "x": 2 } } ',
      },
    });
    expect(found.map(({ code, file, line }) => `${code} ${file}:${line}`)).toEqual(
      expect.arrayContaining([
        'INITIAL_UNKNOWN example/statechart.json:3',
        'TARGET_UNKNOWN example/statechart.json:5',
        'ROLE_UNKNOWN example/statechart.json:5',
        'FIELD_UNKNOWN example/statechart.json:5',
        'KEY_UNKNOWN example/statechart.json:6',
        'PREFIX_INVALID example/process.json:1',
        'PROCESS_NOT_YET example/process.json:1',
        'VALUE_NOT_ALLOWED example/form.json:1',
        'JSON_SYNTAX example/rules.json:1',
      ]),
    );
    expect(
      found.map(({ code }) => code),
      'nothing is said of names that an unreadable file may hold',
    ).not.toEqual(expect.arrayContaining(['GUARD_UNKNOWN']));
  });
});
