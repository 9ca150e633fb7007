/** Problems of transitions: targets, guards, events, order, loops. */
import type { JsonObject } from '../authored.js';
import { beside, chart, type ProblemKind, simple } from './kind.js';

const closed = { type: 'final' };
const rules = { guards: { urgent: { '===': [{ var: 'record.urgent' }, true] } } };
const form = { type: 'object', properties: { urgent: { type: 'boolean' }, note: { type: 'string' }, other: { type: 'string' } } };
const withRules = { files: { 'rules.json': rules, 'form.json': form } };

/** A parallel state of which one region has this transition of its own. */
const regions = (again: JsonObject): JsonObject => ({
  both: {
    type: 'parallel',
    on: { CLOSE: 'closed' },
    states: {
      work: { initial: 'doing', on: { AGAIN: again }, states: { doing: { on: { DONE: 'checked' } }, checked: {} } },
      watch: { initial: 'calm', states: { calm: { on: { ALARM: 'loud' } }, loud: {} } },
    },
  },
  closed,
});

export const transitionProblems = {
  TARGET_UNKNOWN: {
    severity: 'error',
    message: 'There is no state {target} as seen from {state}.{suggestion}',
    remedy: 'Name a sibling of the state, `.child` for one of its children, or `#id` for any state with an id.',
    bad: chart({ open: { on: { CLOSE: 'closed', BREAK: 'constructor' } }, closed }),
    good: chart({ open: { on: { CLOSE: '#example.closed' } }, closed }),
  },
  TARGETS_CONFLICT: {
    severity: 'error',
    message: 'The targets {targets} can not be active together.',
    remedy: 'Several targets must lie in different regions of one parallel state.',
    bad: chart({ open: { on: { CLOSE: { target: ['closed', 'other'] } } }, other: { on: { CLOSE: 'closed' } }, closed }),
    good: chart({
      open: { on: { BOTH: { target: ['#b1', '#b2'] }, CLOSE: 'closed' } },
      both: {
        type: 'parallel',
        on: { CLOSE: 'closed' },
        states: {
          one: { initial: 'x', states: { x: { on: { GO: 'y' } }, y: { id: 'b1' } } },
          two: { initial: 'x', states: { x: { on: { GO: 'y' } }, y: { id: 'b2' } } },
        },
      },
      closed,
    }),
  },
  REGIONS_RESTARTED: {
    severity: 'warning',
    message: 'This leaves {state} and enters it again, so that other regions of it begin anew: {regions}.',
    remedy:
      'Lead to a state within the region, without `reenter` where the region itself is the source. To begin only the region anew, put its states into one more state and lead to that.',
    bad: chart(regions({ target: 'work', reenter: true })),
    good: chart(regions({ target: '.doing' })),
  },
  GUARD_EMPTY: {
    severity: 'error',
    message: 'An empty guard ({found}) would count as no guard: everybody would pass.',
    remedy: 'Name a rule of rules.json `guards`, or remove `guard`.',
    bad: chart({ open: { on: { CLOSE: { target: 'closed', guard: null } } }, closed }),
    good: chart({ open: { on: { CLOSE: { target: 'closed', guard: 'urgent' } } }, closed }, {}, withRules),
  },
  GUARD_COND: {
    severity: 'error',
    message: '`cond` is how version 4 of XState named a guard; it would be ignored and everybody would pass.',
    remedy: 'Rename it to `guard`.',
    bad: chart({ open: { on: { CLOSE: { target: 'closed', cond: 'urgent' } } }, closed }, {}, withRules),
    good: chart({ open: { on: { CLOSE: { target: 'closed', guard: 'urgent' } } }, closed }, {}, withRules),
  },
  GUARD_UNKNOWN: {
    severity: 'error',
    message: 'There is no guard {name} in rules.json.{suggestion}',
    remedy: 'Add it under `guards` of rules.json, or name one that is there.',
    bad: chart({ open: { on: { CLOSE: { target: 'closed', guard: 'toString' } } }, closed }),
    good: chart({ open: { on: { CLOSE: { target: 'closed', guard: { type: 'urgent' } } } }, closed }, {}, withRules),
  },
  EVENT_WILDCARD: {
    severity: 'error',
    message: 'The event {event} would catch every event, those of the engine too.',
    remedy: 'Name each event.',
    bad: chart({ open: { on: { CLOSE: 'closed', '*': 'closed' } }, closed }),
    good: simple,
  },
  EVENT_NAME: {
    severity: 'error',
    message: '{event} can not be the name of an event{reason}.',
    remedy: 'Use letters, digits, hyphens, underscores and spaces, beginning with a letter (by habit capitals: ASSIGN).',
    bad: chart({ open: { on: { CLOSE: 'closed', constructor: 'closed' } } as never, closed }),
    good: simple,
  },
  EVENT_ENGINE: {
    severity: 'error',
    message: '{event} has a dot, so only the engine could send it, but the engine has no such event.{suggestion}',
    remedy:
      'Name an event without a dot, or one of: clock.<clock>.warning, clock.<clock>.breached, approval.<approval>.approved, .refused, .lapsed, record.comment, record.attachment, record.link, record.unlink, record.measured, <process>.<signal>.',
    bad: chart({ open: { on: { CLOSE: 'closed', 'xstate.done.state.example.open': 'closed' } }, closed }),
    good: chart({ open: { on: { CLOSE: 'closed', 'record.comment': {}, 'order.shipped': 'closed' } }, closed }, {}, { others: { order: {} } }),
  },
  SIGNAL_SENDER_UNKNOWN: {
    severity: 'warning',
    message: 'There is no process {process}, so nothing sends {event} yet.{suggestion}',
    remedy: 'Publish that process too, or correct the name. Two processes that name each other can be published one after the other.',
    bad: chart({ open: { on: { CLOSE: 'closed', 'ordr.shipped': 'closed' } }, closed }, {}, { others: { order: {} } }),
    good: chart({ open: { on: { CLOSE: 'closed', 'order.shipped': 'closed' } }, closed }, {}, { others: { order: {} } }),
  },
  EVENT_UNKNOWN: {
    severity: 'error',
    message: 'No state of the chart handles the event {event}.{suggestion}',
    remedy: 'Name an event that some state handles, or add a transition for it.',
    bad: chart({ open: { entry: { type: 'raise', params: { event: 'REMINDD', delay: 'P1D' } }, on: { CLOSE: 'closed', REMIND: {} } }, closed }),
    good: chart({ open: { entry: { type: 'raise', params: { event: 'REMIND', delay: 'P1D' } }, on: { CLOSE: 'closed', REMIND: {} } }, closed }),
  },
  TRANSITION_SHADOWED: {
    severity: 'warning',
    message: 'This is never reached: {reason}.',
    remedy: 'Put it before the other, give the other a guard, or remove it.',
    bad: chart({ open: { on: { CLOSE: [{ target: 'closed' }, { target: 'open', guard: 'urgent' }] } }, closed }, {}, withRules),
    good: chart({ open: { on: { CLOSE: [{ target: 'open', guard: 'urgent' }, { target: 'closed' }] } }, closed }, {}, withRules),
  },
  FORMS_DIFFER: {
    severity: 'error',
    message: 'The candidates of {event} ask for different fields ({where}); what is asked must be known before one is selected.',
    remedy: 'Give all candidates of an event the same form, or use two events.',
    bad: chart(
      {
        open: {
          on: {
            CLOSE: [
              { target: 'open', guard: 'urgent', meta: { form: ['note'] } },
              { target: 'closed', meta: { form: ['other'] } },
            ],
          },
        },
        closed,
      },
      {},
      withRules,
    ),
    good: chart(
      {
        open: {
          on: {
            CLOSE: [
              { target: 'open', guard: 'urgent', meta: { form: ['note'] } },
              { target: 'closed', meta: { form: [{ field: 'note' }] } },
            ],
          },
        },
        closed,
      },
      {},
      withRules,
    ),
  },
  LOOP_ENDLESS: {
    severity: 'error',
    message: 'The record would never come to rest: {path}.',
    remedy: 'Give one of these steps a guard that at some time does not hold.',
    bad: chart({ open: { always: 'other', on: { CLOSE: 'closed' } }, other: { always: 'open' }, closed }),
    good: chart({ open: { on: { CLOSE: 'other' } }, other: { always: 'closed' }, closed }),
  },
  LOOP_POSSIBLE: {
    severity: 'warning',
    message: 'If all guards on the way hold the record never comes to rest: {path}.',
    remedy: 'See to it that the guards exclude each other, or that an action on the way changes what one of them reads.',
    bad: chart(
      {
        open: { always: { target: 'other', guard: 'urgent' }, on: { CLOSE: 'closed' } },
        other: { always: { target: 'open', guard: 'urgent' }, on: { CLOSE: 'closed' } },
        closed,
      },
      {},
      withRules,
    ),
    good: chart(
      {
        open: { always: { target: 'other', guard: 'urgent' }, on: { CLOSE: 'closed' } },
        other: { always: { target: 'open', guard: 'urgent', actions: { type: 'set', params: { urgent: false } } }, on: { CLOSE: 'closed' } },
        closed,
      },
      {},
      withRules,
    ),
  },
  DELAY_UNKNOWN: {
    severity: 'error',
    message: 'There is no delay {name} in rules.json, and it is no whole number of milliseconds; it would be over at once.{suggestion}',
    remedy: 'Add it under `delays` of rules.json (for example "P5D"), or name one that is there.',
    bad: chart({ open: { on: { CLOSE: 'closed' }, after: { '1h': 'closed' } }, closed }),
    good: chart({ open: { on: { CLOSE: 'closed' }, after: { '3600000': 'closed' } }, closed }),
  },
  DELAY_INVALID: {
    severity: 'error',
    message: '{found} is not a delay: {reason}.',
    remedy:
      'Write an ISO 8601 duration such as "PT4H" or "P5D", milliseconds from 0 on, {"business", "calendar"}, {"until"}, a rule that gives one of these, or the name of a delay of rules.json.',
    bad: chart({ open: { entry: { type: 'raise', params: { event: 'REMIND', delay: 'tomorrow' } }, on: { CLOSE: 'closed', REMIND: {} } }, closed }),
    good: chart({
      open: {
        entry: { type: 'raise', params: { event: 'REMIND', delay: { if: [{ present: { var: 'actor.id' } }, 'P1D', 'P2D'] } } },
        on: { CLOSE: 'closed', REMIND: {} },
      },
      closed,
    }),
  },
  DELAY_SHAPE: {
    severity: 'error',
    message: 'A delay says exactly one of {"business", "calendar"}, {"until"} and {"rule"}.',
    remedy: 'Remove what does not belong to it.',
    bad: beside({ 'rules.json': { delays: { soon: { until: { var: 'record.createdAt' }, rule: { var: 'record.createdAt' } } } } }),
    good: beside({ 'rules.json': { delays: { soon: 'PT4H', later: { until: { var: 'record.createdAt' } } } } }),
  },
} as const satisfies Record<string, ProblemKind>;
