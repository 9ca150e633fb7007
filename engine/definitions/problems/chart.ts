/** Problems of the states of a chart. */
import { chart, type Example, type ProblemKind, simple } from './kind.js';

const closed = { type: 'final' };
const open = { on: { CLOSE: 'closed' } };
const nested = (depth: number): Example => {
  const states = (left: number): object => (left === 0 ? {} : { initial: 'inner', states: { inner: states(left - 1) } });
  return chart({ open: { ...open, ...states(depth) }, closed } as never);
};
const flat = (count: number): Example =>
  chart({
    ...Object.fromEntries(Array.from({ length: count - 1 }, (_, index) => [`s${index}`, { on: { NEXT: index === count - 2 ? 'closed' : `s${index + 1}` } }])),
    closed,
  });

export const chartProblems = {
  INVOKE_REFUSED: {
    severity: 'error',
    message: '`invoke` has no lasting meaning: nothing that is spawned survives a restart.',
    remedy: 'Use the actions `create` and `signal` and handle the signal that comes back.',
    bad: chart({ open: { ...open, invoke: { src: 'mail' } }, closed }),
    good: chart({ open: { ...open, entry: { type: 'webhook', params: { target: 'mail', body: {} } } }, closed }),
  },
  OPTIONS_REFUSED: {
    severity: 'error',
    message: '`options` would change the limits of the engine.',
    remedy: 'Remove it; the engine sets its own limits.',
    bad: chart({ open, closed }, { options: { maxIterations: -1 } }),
    good: simple,
  },
  ROUTE_REFUSED: {
    severity: 'error',
    message: '`route` would let a record be sent into this state from anywhere.',
    remedy: 'Remove it and declare a transition for each way into the state.',
    bad: chart({ open: { ...open, route: {} }, closed }),
    good: simple,
  },
  CONTEXT_REFUSED: {
    severity: 'error',
    message: '`context` would be shared by all records.',
    remedy: 'Declare what a record holds as fields of form.json, with a default or a `set` on entry.',
    bad: chart({ open, closed }, { context: { count: 0 } }),
    good: chart({ open, closed }, { context: {} }),
  },
  ID_MISMATCH: {
    severity: 'error',
    message: 'This says {found}, but the folder is named {key}.',
    remedy: 'Write {key}, or rename the folder.',
    bad: chart({ open, closed }, { id: 'exampel' }),
    good: simple,
  },
  STATE_KEY: {
    severity: 'error',
    message: '{key} can not be the key of a state.',
    remedy: 'Use letters, digits, spaces, hyphens and underscores, at most 100 characters, no dot and no # (a title for people goes into meta.title).',
    bad: chart({ open: { on: { CLOSE: 'closed' }, initial: 'a.b', states: { 'a.b': {} } }, closed }),
    good: chart({ open: { on: { CLOSE: 'closed' }, initial: 'a b', states: { 'a b': { meta: { title: 'A.B' } } } }, closed }),
  },
  STATE_KEY_RESERVED: {
    severity: 'error',
    message: '{key} is a word that every JavaScript object inherits and can not be the key of a state.',
    remedy: 'Choose another key.',
    bad: chart({ open: { on: { CLOSE: 'closed' }, initial: 'toString', states: { toString: {} } } as never, closed }),
    good: simple,
  },
  STATES_TOO_MANY: {
    severity: 'error',
    message: 'The chart has {count} states; {limit} are allowed.',
    remedy: 'Split the process, or replace states that differ only in data by a field.',
    bad: () => flat(501),
    good: () => flat(500),
  },
  STATES_TOO_DEEP: {
    severity: 'error',
    message: 'States are nested {count} deep; {limit} levels are allowed.',
    remedy: 'Take out levels that have no transitions of their own.',
    bad: () => nested(10),
    good: () => nested(9),
  },
  TRANSITIONS_TOO_MANY: {
    severity: 'error',
    message: 'The chart has {count} transitions; {limit} are allowed.',
    remedy: 'Move transitions that several states share to the state around them.',
    bad: () =>
      chart({ open: { on: { ...Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`E${index}`, {}])), CLOSE: 'closed' } }, closed } as never),
    good: simple,
  },
  ID_DUPLICATE: {
    severity: 'error',
    message: 'The id {id} is also that of the state {other}; only one of them would be found.',
    remedy: 'Give each state an id of its own, or none.',
    bad: chart({ open: { ...open, id: 'here', initial: 'inner', states: { inner: { id: 'here' } } }, closed }),
    good: chart({ open: { ...open, id: 'here', initial: 'inner', states: { inner: { id: 'there' } } }, closed }),
  },
  INITIAL_MISSING: {
    severity: 'error',
    message: '{state} has child states but no `initial`.',
    remedy: 'Name the child that is entered first.',
    bad: chart({ open: { ...open, states: { inner: {} } }, closed }),
    good: chart({ open: { ...open, initial: 'inner', states: { inner: {} } }, closed }),
  },
  INITIAL_UNKNOWN: {
    severity: 'error',
    message: '{state} has no child {initial}.{suggestion}',
    remedy: 'Name one of its own children: {known}.',
    bad: chart({ open: { ...open, initial: 'constructor', states: { inner: {} } }, closed }),
    good: chart({ open: { ...open, initial: 'inner', states: { inner: {} } }, closed }),
  },
  INITIAL_UNUSED: {
    severity: 'warning',
    message: '{state} is {type}, so its `initial` has no effect.',
    remedy: 'Remove `initial`.',
    bad: chart({ open: { ...open, type: 'parallel', initial: 'a', states: { a: {}, b: {} } }, closed }),
    good: chart({ open: { ...open, type: 'parallel', states: { a: {}, b: {} } }, closed }),
  },
  STATE_TYPE: {
    severity: 'error',
    message: '{state} is called {type}, but {reason}.',
    remedy: 'Remove `type`, or make the state what it is called.',
    bad: chart({ open: { ...open, type: 'atomic', states: { inner: {} } }, closed }),
    good: chart({ open: { ...open, type: 'atomic' }, closed }),
  },
  PARALLEL_EMPTY: {
    severity: 'error',
    message: '{state} is parallel but has no regions.',
    remedy: 'Give it child states, one a region, or remove the type.',
    bad: chart({ open: { ...open, type: 'parallel' }, closed }),
    good: chart({ open: { ...open, type: 'parallel', states: { a: {}, b: {} } }, closed }),
  },
  FINAL_CONTINUES: {
    severity: 'error',
    message: '{state} is final but has {what}.',
    remedy: 'Remove it, or remove the type `final`.',
    bad: chart({ open, closed: { type: 'final', on: { REOPEN: 'open' } } }),
    good: simple,
  },
  HISTORY_MISPLACED: {
    severity: 'error',
    message: '{state} is a history state, but {reason}.',
    remedy:
      'A history state stands beside the states it remembers, with `history` (shallow or deep) and a `target`, nothing else; it is the initial state only with a target.',
    bad: chart({ open: { ...open, initial: 'inner', states: { inner: { on: { BACK: 'back' } }, back: { type: 'history', on: { GO: 'inner' } } } }, closed }),
    good: chart({
      open: { on: { CLOSE: 'closed', HOLD: 'held' }, initial: 'inner', states: { inner: {}, back: { type: 'history', history: 'deep' } } },
      held: { on: { BACK: 'open.back' } },
      closed,
    }),
  },
  TARGET_MISPLACED: {
    severity: 'error',
    message: '{state} is no history state, so its `{key}` has no effect.',
    remedy: 'Put a target into a transition (`always`, `on`), or give the state the type history.',
    bad: chart({ open: { ...open, target: 'closed' }, closed }),
    good: simple,
  },
  OUTPUT_UNUSED: {
    severity: 'warning',
    message: '{state} is not final, so its `output` is never given.',
    remedy: 'Move `output` to a final state or to the top of the chart.',
    bad: chart({ open: { ...open, output: 'x' }, closed }),
    good: chart({ open, closed: { type: 'final', output: 'x' } }, { output: { result: 'done' } }),
  },
  STATE_UNREACHABLE: {
    severity: 'warning',
    message: 'No path leads to {state}.',
    remedy: 'Add a transition to it, or remove it.',
    bad: chart({ open, lost: { on: { CLOSE: 'closed' } }, closed }),
    good: simple,
  },
  STATE_DEAD_END: {
    severity: 'warning',
    message: 'Nothing leads out of {state}, and it is not final.',
    remedy: 'Give it the type final, or a transition out of it.',
    bad: chart({ open: { on: { CLOSE: 'closed', PARK: 'parked' } }, parked: {}, closed }),
    good: chart({ open: { on: { CLOSE: 'closed', PARK: 'parked' } }, parked: { on: { RESUME: 'open' } }, closed }),
  },
  DONE_NEVER: {
    severity: 'warning',
    message: 'The `onDone` of {state} is never taken: {reason}.',
    remedy: 'Give it a final child, or remove `onDone`.',
    bad: chart({ open: { ...open, onDone: 'closed', initial: 'inner', states: { inner: {} } }, closed }),
    good: chart({ open: { onDone: 'closed', initial: 'inner', states: { inner: { on: { END: 'done' } }, done: { type: 'final' } } }, closed }),
  },
} as const satisfies Record<string, ProblemKind>;
