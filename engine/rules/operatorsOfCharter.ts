/** Charter's own operators. The examples run against the table, list and calendar of `exampleEnvironment.ts`. */
import { many, type Operators } from './operatorKinds.js';

const monday = '2026-03-02T09:00:00.000Z';
const record = { impact: 'high', urgency: 'low', assignee: 'mira', requester: 'jon', title: 'INC printer', tags: ['vip'], openedAt: monday, startsOn: '2026-03-02', cost: 12.345, reason: 'duplicate' };
const facts = { record };
const openedAt = { var: 'record.openedAt' };

export const operatorsOfCharter: Operators = {
  present: { arity: [1, 1], takes: ['any'], gives: 'boolean', description: 'Whether there is a value: not absent, null, empty text or an empty list. 0 and false are values.', example: { rule: { present: { var: 'record.assignee' } }, facts, gives: true } },
  includes: { arity: [2, 2], takes: ['list', 'any'], gives: 'boolean', description: 'Whether a list has exactly this value. An absent list has none.', example: { rule: { includes: [{ var: 'record.tags' }, 'vip'] }, facts, gives: true } },
  starts_with: { arity: [2, 2], takes: ['text', 'text'], gives: 'boolean', description: 'Whether a text begins so. An absent text does not.', example: { rule: { starts_with: [{ var: 'record.title' }, 'INC'] }, facts, gives: true } },
  round: { arity: [1, 2], takes: ['number', 'number'], gives: 'number', description: 'A number rounded to so many digits (0 when left out), half away from zero.', example: { rule: { round: [{ var: 'record.cost' }, 2] }, facts, gives: 12.35 } },
  in_state: { arity: [1, 1], takes: ['name'], gives: 'boolean', description: 'Whether the record is in a state, given as dotted path from the outermost.', example: { rule: { in_state: 'active.waiting' }, facts: { state: { active: 'waiting' } }, gives: true } },
  visited: { arity: [1, 1], takes: ['name'], gives: 'boolean', description: 'Whether the record has ever been in a state. Invariants only.', example: { rule: { visited: 'approved' }, gives: false } },
  has_role: { arity: [1, many], takes: ['name'], gives: 'boolean', description: 'Whether the person acting holds one of the roles.', example: { rule: { has_role: ['service-desk', 'manager'] }, facts: { actor: { id: 'mira', roles: ['service-desk'], teams: [] } }, gives: true } },
  same_user: { arity: [2, 2], takes: ['text', 'text'], gives: 'boolean', description: 'Whether both are the same person. Nobody is not the same as nobody.', example: { rule: { same_user: [{ var: 'record.assignee' }, { var: 'record.requester' }] }, facts, gives: false } },
  table: { arity: [2, many], takes: ['name', 'scalar'], gives: 'any', description: 'What a decision table gives for the inputs, in the order of its columns.', example: { rule: { table: ['priority', { var: 'record.impact' }, { var: 'record.urgency' }] }, facts, gives: 2 } },
  choice: { arity: [3, 3], takes: ['name', 'text', 'name'], gives: 'any', description: 'A property of an entry of a list: list, id of the entry, property.', example: { rule: { choice: ['closure-codes', { var: 'record.reason' }, 'counts'] }, facts, gives: false } },
  before: { arity: [2, 2], takes: ['instant', 'instant'], gives: 'boolean', description: 'Whether the first instant is earlier. Fails when there is none.', example: { rule: { before: [openedAt, '2026-03-03T00:00:00Z'] }, facts, gives: true } },
  after: { arity: [2, 2], takes: ['instant', 'instant'], gives: 'boolean', description: 'Whether the first instant is later. Fails when there is none.', example: { rule: { after: [openedAt, '2026-03-03T00:00:00Z'] }, facts, gives: false } },
  plus: { arity: [2, 2], takes: ['instant', 'length'], gives: 'instant', description: 'An instant so much later; a date stays a date when only days, weeks, months or years are added. Days and months are those of UTC.', example: { rule: { plus: [{ var: 'record.startsOn' }, 'P1M'] }, facts, gives: '2026-04-02' } },
  minus: { arity: [2, 2], takes: ['instant', 'length'], gives: 'instant', description: 'An instant so much earlier.', example: { rule: { minus: [openedAt, 'PT2H'] }, facts, gives: '2026-03-02T07:00:00.000Z' } },
  between: { arity: [2, 2], takes: ['instant', 'instant'], gives: 'number', description: 'Milliseconds from the first instant to the second; negative when that is earlier.', example: { rule: { between: [openedAt, '2026-03-02T10:00:00Z'] }, facts, gives: 3_600_000 } },
  duration: { arity: [1, 1], takes: ['length'], gives: 'number', description: 'Milliseconds of an ISO 8601 duration without months and years.', example: { rule: { duration: 'PT4H' }, gives: 14_400_000 } },
  business_plus: { arity: [3, 3], takes: ['instant', 'length', 'name'], gives: 'instant', description: 'The instant at which so much time of a calendar has passed.', example: { rule: { business_plus: [openedAt, 'PT10H', 'support'] }, facts, gives: '2026-03-03T10:00:00.000Z' } },
  business_between: { arity: [3, 3], takes: ['instant', 'instant', 'name'], gives: 'number', description: 'Milliseconds of a calendar between two instants.', example: { rule: { business_between: [openedAt, '2026-03-03T10:00:00Z', 'support'] }, facts, gives: 36_000_000 } },
  in_hours: { arity: [2, 2], takes: ['instant', 'name'], gives: 'boolean', description: 'Whether a calendar is open at an instant. Fails when there is none.', example: { rule: { in_hours: [openedAt, 'support'] }, facts, gives: true } },
  date: { arity: [1, 1], takes: ['instant'], gives: 'date', description: 'The date of an instant, in UTC.', example: { rule: { date: openedAt }, facts, gives: '2026-03-02' } },
  literal: { arity: [1, 1], takes: ['any'], gives: 'any', description: 'The value as it is, where an object would be taken for a rule. Parameters of actions only.', example: { rule: { literal: { var: 'not read' } }, gives: { var: 'not read' } } },
};
