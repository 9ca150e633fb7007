/** Problems of decision tables, lists and calendars. */
import type { CalendarFile, Json, ListFile, TableFile } from '../definitions/authored.js';
import type { Example, ProblemKind } from './problems.js';

type Rows = TableFile['rows'];
const goodRows: Rows = [
  { when: ['high', { min: 10 }], then: 1 },
  { when: [null, null], then: 2 },
];
const table = (rows: Rows, more: Partial<TableFile> = {}): Example => ({
  table: {
    kind: 'table',
    inputs: [
      { name: 'impact', type: 'string', values: ['high', 'low'] },
      { name: 'users', type: 'number' },
    ],
    output: { name: 'priority', type: 'number' },
    rows,
    ...more,
  },
});
const hours = [{ from: '09:00', to: '17:00' }];
const calendar = (more: Partial<CalendarFile>): Example => ({ calendar: { kind: 'calendar', zone: 'Europe/London', week: { mon: hours }, ...more } });
const list = (...ids: readonly string[]): Example => ({ list: { kind: 'list', entries: ids.map((id) => ({ id, title: id })) } satisfies ListFile });
const cell = (value: Json): Rows => [{ when: [value, null], then: 1 }, ...goodRows];

export const problemsOfShared = {
  TABLE_ROW_LENGTH: {
    severity: 'error',
    remedy: 'Give each row one cell for every input; null stands for any value.',
    bad: table([{ when: ['high'], then: 1 }, ...goodRows]),
    good: table(goodRows),
  },
  TABLE_CELL: {
    severity: 'error',
    remedy: 'A cell is a value of the input’s type, a list of such values, {"min": …, "max": …} for numbers, or null for any.',
    bad: table(cell(3)),
    good: table(cell(['low'])),
  },
  TABLE_VALUE_UNKNOWN: {
    severity: 'error',
    remedy: 'Use one of the values the input declares, or declare this one.',
    bad: table(cell('hihg')),
    good: table(cell('low')),
  },
  TABLE_OUTPUT: {
    severity: 'error',
    remedy: 'Give a result of the type the table declares.',
    bad: table([{ when: ['low', null], then: 'one' }, ...goodRows]),
    good: table(goodRows),
  },
  TABLE_GAP: {
    severity: 'warning',
    remedy: 'Add a row, or a default: without one the result is empty.',
    bad: table([{ when: ['high', null], then: 1 }]),
    good: table([{ when: ['high', null], then: 1 }], { default: 2 }),
  },
  TABLE_ROW_UNREACHED: {
    severity: 'warning',
    remedy: 'The first row that fits decides: move this row up, or remove it.',
    bad: table([...goodRows, { when: ['low', null], then: 3 }]),
    good: table(goodRows),
  },
  LIST_DUPLICATE: { severity: 'error', remedy: 'Give each entry an id of its own.', bad: list('solved', 'solved'), good: list('solved', 'duplicate') },
  CALENDAR_ZONE: {
    severity: 'error',
    remedy: 'Name a zone of the IANA database, such as Europe/London or UTC.',
    bad: calendar({ zone: 'Europe/Atlantis' }),
    good: calendar({ zone: 'UTC' }),
  },
  CALENDAR_DATE: {
    severity: 'error',
    remedy: 'Write a date that exists, as 2026-12-25.',
    bad: calendar({ holidays: [{ date: '2026-02-30' }] }),
    good: calendar({ holidays: [{ date: '2026-12-25' }] }),
  },
  CALENDAR_DATE_TWICE: {
    severity: 'error',
    remedy: 'Keep one of the two.',
    bad: calendar({ holidays: [{ date: '2026-12-25' }, { date: '2026-12-25', open: hours }] }),
    good: calendar({ holidays: [{ date: '2026-12-25', open: hours }] }),
  },
  CALENDAR_TIME: {
    severity: 'error',
    remedy: 'Write a time of day as 09:00; the end may be 24:00.',
    bad: calendar({ week: { mon: [{ from: '9:00', to: '17:00' }] } }),
    good: calendar({ week: { mon: [{ from: '00:00', to: '24:00' }] } }),
  },
  CALENDAR_ORDER: {
    severity: 'error',
    remedy: 'Let the opening end after it begins; split one that passes midnight over two days.',
    bad: calendar({ week: { mon: [{ from: '22:00', to: '06:00' }] } }),
    good: calendar({ week: { mon: [{ from: '22:00', to: '24:00' }], tue: [{ from: '00:00', to: '06:00' }] } }),
  },
  CALENDAR_OVERLAP: {
    severity: 'error',
    remedy: 'Let the openings of a day follow one another.',
    bad: calendar({ week: { mon: [...hours, { from: '16:00', to: '18:00' }] } }),
    good: calendar({ week: { mon: [...hours, { from: '17:00', to: '18:00' }] } }),
  },
  CALENDAR_CLOSED: {
    severity: 'warning',
    remedy: 'Give at least one day of the week an opening, or openings on single dates under `holidays`.',
    bad: calendar({ week: {} }),
    good: calendar({}),
  },
} as const satisfies Readonly<Record<string, ProblemKind>>;
