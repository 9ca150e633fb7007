import type { Json, JsonObject } from '../../../engine/definitions/authored.js';
import { chart, type Example } from '../../../engine/definitions/problems/kind.js';
import { closed, form, withAll } from './goodParts.js';

/** Charts that use everything statecharts have a lasting meaning for. */
export const goodCharts: { readonly [what: string]: Example } = {
  'the smallest chart': { files: { 'statechart.json': { initial: 'open', states: { open: { on: { CLOSE: 'closed' } }, closed } } } },
  'a chart without an end': chart({ on: { on: { OFF: 'off' } }, off: { on: { ON: 'on' } } }),
  'nested states three deep': chart({
    a: {
      initial: 'b',
      on: { CLOSE: 'closed' },
      states: { b: { initial: 'c', states: { c: { on: { NEXT: 'd' } }, d: { on: { UP: '#top' } } } }, e: { id: 'top', on: { DOWN: 'b.d' } } },
    },
    closed,
  } as unknown as JsonObject),
  'targets of every kind': chart({
    a: { initial: 'x', on: { CHILD: '.y', SELF: 'a', DEEP: 'b.q', ID: '#example.b.q', CLOSE: 'closed' }, states: { x: {}, y: { id: 'why' } } },
    b: { initial: 'p', on: { BACK: '#why', CLOSE: { target: 'closed' } }, states: { p: { on: { Q: { target: 'q' } } }, q: {} } },
    closed,
  }),
  'parallel regions that end together': chart({
    work: {
      type: 'parallel',
      onDone: 'closed',
      states: {
        build: { initial: 'doing', states: { doing: { on: { BUILT: 'done' } }, done: { type: 'final' } } },
        test: { initial: 'doing', states: { doing: { on: { TESTED: 'done' } }, done: { type: 'final' } } },
      },
    },
    closed,
  }),
  'a parallel chart': {
    files: {
      'statechart.json': {
        id: 'example',
        type: 'parallel',
        states: {
          work: { initial: 'open', states: { open: { on: { CLOSE: 'closed' } }, closed } },
          major: { initial: 'no', states: { no: { on: { DECLARE: 'yes' } }, yes: { on: { STAND_DOWN: 'no' } } } },
        },
      },
    },
  },
  'several targets in different regions': chart({
    idle: { on: { GO: { target: ['#b', '#d'] }, CLOSE: 'closed' } },
    work: {
      type: 'parallel',
      on: { CLOSE: 'closed' },
      states: {
        one: { initial: 'a', states: { a: { on: { B: 'b' } }, b: { id: 'b' } } },
        two: { initial: 'c', states: { c: { on: { D: 'd' } }, d: { id: 'd' } } },
      },
    },
    closed,
  }),
  'shallow and deep history, with and without a target': chart({
    active: {
      initial: 'one',
      on: { HOLD: 'held', CLOSE: 'closed' },
      states: {
        one: { on: { NEXT: 'two' } },
        two: { initial: 'x', states: { x: { on: { Y: 'y' } }, y: {} } },
        shallow: { type: 'history' },
        deep: { type: 'history', history: 'deep', target: 'two' },
        old: { history: true },
      },
    },
    held: { on: { RESUME: 'active.shallow', RESUME_DEEP: 'active.deep', RESUME_OLD: '#example.active.old' } },
    closed,
  }),
  'an initial history state with a target': chart({
    active: {
      initial: 'back',
      on: { HOLD: 'held', CLOSE: 'closed' },
      states: { back: { type: 'history', target: 'one' }, one: { on: { NEXT: 'two' } }, two: {} },
    },
    held: { on: { RESUME: 'active' } },
    closed,
  }),
  'always with guards that exclude each other': chart(
    {
      sort: { always: [{ target: 'fast', guard: 'urgent' }, { target: 'slow' }] },
      fast: { on: { CLOSE: 'closed' } },
      slow: { on: { CLOSE: 'closed', HURRY: { target: 'sort', actions: { type: 'set', params: { urgent: true } } } } },
      closed,
    },
    {},
    withAll,
  ),
  'a loop that an action ends': chart(
    {
      a: { always: { target: 'b', guard: 'urgent' }, on: { CLOSE: 'closed' } },
      b: { always: { target: 'a', guard: 'urgent', actions: { type: 'set', params: { urgent: false } } }, on: { CLOSE: 'closed' } },
      closed,
    },
    {},
    withAll,
  ),
  'an automatic step that asks for the state': chart(
    { a: { on: { CLOSE: 'closed' } }, b: { on: { CLOSE: 'closed' } }, closed },
    { always: { target: '.b', guard: 'notYet' } },
    {
      files: {
        'rules.json': { guards: { notYet: { and: [{ '===': [{ var: 'record.urgent' }, true] }, { '!': { in_state: 'b' } }] } } },
        'form.json': form as Json,
      },
    },
  ),
  'after: names, milliseconds, weeks of them': chart(
    {
      open: {
        on: { CLOSE: 'closed' },
        after: {
          soon: { actions: 'mark' },
          late: 'closed',
          counted: { target: 'open', reenter: true },
          working: [{ target: 'closed', guard: 'urgent' }, { actions: 'both' }],
          2592000000: 'closed',
          0: { guard: 'urgent', target: 'closed' },
        },
      },
      closed,
    } as unknown as JsonObject,
    {},
    withAll,
  ),
  'onDone of a compound state': chart(
    {
      work: {
        initial: 'doing',
        onDone: [{ target: 'closed', guard: 'calm' }, { target: 'review' }],
        states: { doing: { on: { END: 'ended' } }, ended: { type: 'final', output: { well: true } } },
      },
      review: { on: { CLOSE: 'closed' } },
      closed,
    },
    {},
    withAll,
  ),
  'entry, exit and transition actions': chart(
    {
      open: {
        entry: ['mark', { type: 'webhook', params: { target: 'status-page' } }],
        exit: 'both',
        on: { CLOSE: { target: 'closed', actions: ['mark', { type: 'set', params: { note: { cat: ['by ', { var: 'actor.id' }] }, count: 3 } }] } },
      },
      closed: { type: 'final', entry: 'mark' },
    },
    {},
    withAll,
  ),
  'reenter and self-transitions': chart({
    open: { on: { AGAIN: { target: 'open', reenter: true }, STAY: 'open', NOTE: { reenter: false }, CLOSE: 'closed' } },
    closed,
  }),
  'raise and cancel': chart(
    {
      open: {
        entry: [
          { type: 'raise', params: { event: 'CHECK', data: { note: 'x' } } },
          { type: 'raise', params: { event: 'REMIND', delay: 'P1D', id: 'reminder' } },
          { type: 'raise', params: { event: 'REMIND', delay: { if: [{ var: 'record.urgent' }, 'PT1H', 60000] } } },
        ],
        exit: { type: 'cancel', params: { id: 'reminder' } },
        on: { CHECK: { guard: 'urgent', target: 'closed' }, REMIND: { actions: 'mark' }, CLOSE: 'closed' },
      },
      closed,
    } as unknown as JsonObject,
    {},
    withAll,
  ),
  'final states with output': chart(
    { open: { on: { CLOSE: 'closed' } }, closed: { type: 'final', output: { code: 1 } } },
    { output: { result: ['any', 'json'] } },
  ),
  'events that are forbidden inside': chart({
    open: { initial: 'a', on: { CLOSE: 'closed' }, states: { a: { on: { NEXT: 'b' } }, b: { on: { CLOSE: {}, BACK: 'a', OTHER: [] } } } },
    closed,
  }),
  'descriptions, tags, versions and meta of other tools': chart(
    {
      open: {
        id: 'start',
        description: 'New',
        tags: ['new', 'open'],
        meta: { title: 'New', description: 'Just made', '@statelyai.color': 'blue', anything: { else: 1 } },
        on: {
          CLOSE: {
            target: 'closed',
            description: 'The end',
            meta: { title: 'Close', help: 'Ends it.', emphasis: 'danger', '@statelyai.note': 1, 'x-own': true },
          },
        },
      },
      closed: { type: 'final', tags: 'end' },
    },
    { $schema: '/schemas/statechart.json', version: '1.2.0', description: 'All', types: { events: {} }, context: {} } as unknown as JsonObject,
  ),
  'as Stately exports it': chart(
    {
      'Waiting for user': {
        entry: [{ type: 'mark' }],
        exit: [],
        on: {
          'submit form': [
            { target: 'closed', guard: { type: 'urgent', params: {} }, actions: [{ type: 'mark', params: {} }], reenter: false, meta: {} },
            { target: '#example.Waiting for user', actions: [], description: 'Otherwise' },
          ],
        },
        after: { 1000: [{ target: 'closed', actions: [] }] },
        tags: [],
        meta: {},
      },
      closed,
    } as unknown as JsonObject,
    {},
    withAll,
  ),
  'keys in other scripts': chart({ Geöffnet: { on: { SCHLIESSEN: '処理済み' } }, 処理済み: { type: 'final' } } as unknown as JsonObject),
};
