/** Problems of scenarios.json and migration.json. */
import { beside, type ProblemKind } from './kind.js';

const steps = (...list: object[]) => beside({ 'scenarios.json': { scenarios: [{ name: 'a walk', steps: list }] } as never });
const close = { event: 'CLOSE', expect: { state: 'closed', status: 'done' } };

export const scenarioProblems = {
  SCENARIO_NAME_DUPLICATE: {
    severity: 'error',
    message: 'Two {what} are named {name}.',
    remedy: 'Give each a name of its own.',
    bad: beside({
      'scenarios.json': {
        scenarios: [
          { name: 'a walk', steps: [close] },
          { name: 'a walk', steps: [close] },
        ],
      },
    }),
    good: steps(close),
  },
  SCENARIO_STEP: {
    severity: 'error',
    message: 'A step {reason}.',
    remedy: 'Give each step one of event, signal and comment, or only `wait` or `expect`; `wait` beside another comes first.',
    bad: steps({ event: 'CLOSE', comment: 'Done.' }),
    good: steps({ wait: 'PT1H' }, { wait: 'PT1H', ...close }),
  },
  SCENARIO_USER: {
    severity: 'warning',
    message: 'The scenario has no user {user}, who therefore holds no role.{suggestion}',
    remedy: 'Add the user to `given.users`.',
    bad: steps({ ...close, as: 'ann' }),
    good: beside({ 'scenarios.json': { scenarios: [{ name: 'a walk', given: { users: { ann: {} } }, steps: [{ ...close, as: 'ann' }] }] } }),
  },
  INSTANT_INVALID: {
    severity: 'error',
    message: '{found} is no instant.',
    remedy: 'Write it in ISO 8601 with a zone, such as 2026-03-02T09:00:00Z.',
    bad: beside({ 'scenarios.json': { scenarios: [{ name: 'a walk', given: { at: '2026-02-30T09:00:00Z' }, steps: [close] }] } }),
    good: beside({ 'scenarios.json': { scenarios: [{ name: 'a walk', given: { at: '2026-02-28T09:00:00Z' }, steps: [close] }] } }),
  },
  DURATION_INVALID: {
    severity: 'error',
    message: '{found} is no duration: {reason}.',
    remedy: 'Write it in ISO 8601, such as PT4H or P5D.',
    bad: steps({ wait: 'an hour' }, close),
    good: steps({ wait: 'PT1H' }, close),
  },
  REFUSAL_UNKNOWN: {
    severity: 'error',
    message: '{code} is no code of a refusal.{suggestion}',
    remedy: 'Name a code of the catalogue, such as GUARD_REFUSED, ROLE_REFUSED, DATA_INVALID or CHECK_REFUSED.',
    bad: steps({ event: 'CLOSE', expect: { refused: { code: 'GUARD_REFUSD' } } }),
    good: steps({ event: 'CLOSE', expect: { refused: { code: 'GUARD_REFUSED' } } }, close),
  },
  CLOCK_UNKNOWN: {
    severity: 'error',
    message: 'process.json has no clock {clock}.{suggestion}',
    remedy: 'Name a clock of process.json.',
    bad: steps({ ...close, expect: { clocks: { resolution: { status: 'stopped' } } } }),
    good: steps(close),
  },
  MIGRATION_STATE: {
    severity: 'error',
    message: 'The state {state} can not be where records arrive: {reason}.{suggestion}',
    remedy: 'Name a state of the new chart by its path.',
    bad: beside({ 'migration.json': { states: { waiting: 'opne' } } }),
    good: beside({ 'migration.json': { states: { waiting: 'open' } } }),
  },
} as const satisfies Record<string, ProblemKind>;
