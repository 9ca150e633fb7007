/** What good definitions are made with: rules, a form and a calendar that use everything. */
import type { Json } from '../../../engine/definitions/authored.js';

export const closed = { type: 'final' };
const rules = {
  guards: { urgent: { '===': [{ var: 'record.urgent' }, true] }, calm: { '!==': [{ var: 'record.urgent' }, true] } },
  delays: {
    soon: 'PT4H',
    late: { until: { var: 'record.resumeAt' } },
    counted: { rule: { if: [{ '===': [{ var: 'record.urgent' }, true] }, 'PT1H', 'P1D'] } },
    working: { business: 'PT8H', calendar: 'support' },
  },
  actions: {
    mark: [{ type: 'set', params: { urgent: true } }],
    both: ['mark', { type: 'webhook', params: { target: 'status-page', body: { a: [1, { var: 'record.urgent' }] } } }],
  },
};
export const form = {
  type: 'object',
  properties: {
    urgent: { type: 'boolean' },
    note: { type: 'string', maxLength: 200 },
    resumeAt: { type: 'string', format: 'date-time' },
    count: { type: 'integer', minimum: 0, default: 0 },
  },
};
export const support = {
  'reference/support.json': {
    kind: 'calendar',
    zone: 'Europe/Vienna',
    week: {
      mon: [
        { from: '08:00', to: '12:00' },
        { from: '13:00', to: '17:00' },
      ],
      fri: [{ from: '08:00', to: '24:00' }],
    },
    holidays: [{ date: '2026-12-25' }, { date: '2026-12-24', open: [{ from: '08:00', to: '12:00' }] }],
  },
};
export const withAll = { files: { 'rules.json': rules as Json, 'form.json': form as Json }, rules: support };
