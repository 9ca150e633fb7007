/** A record with one timer, and what its delay reads. */
import type { JsonObject } from '../../engine/definitions/authored.js';
import { logForm, note } from './running.js';

const office = {
  kind: 'calendar',
  title: 'Office',
  zone: 'Europe/Berlin',
  week: Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri'].map((day) => [day, [{ from: '09:00', to: '17:00' }]])),
  holidays: [{ date: '2026-03-03', title: 'A holiday' }],
};
export const rules = { 'reference/office.json': office };
export const form = { type: 'object', properties: { ...logForm.properties, urgent: { type: 'boolean' }, until: { type: 'string', format: 'date-time' } } };
export const delays = {
  named: 'PT2H',
  working: { business: 'PT10H', calendar: 'office' },
  held: { until: { var: 'record.until' } },
  counted: { rule: { if: [{ '===': [{ var: 'record.urgent' }, true] }, 'PT1H', 'P2D'] } },
  maybe: { rule: { if: [{ '===': [{ var: 'record.urgent' }, true] }, 60_000, null] } },
};

/** One state with one `after`, and events that change what the delay reads. */
export function timed(delay: string, more: JsonObject = {}) {
  const change = { meta: { form: ['urgent', 'until'] } };
  return {
    rules,
    processes: {
      thing: {
        'statechart.json': {
          id: 'thing',
          initial: 'open',
          states: {
            open: { on: { CHANGE: change, LEAVE: 'left' }, after: { [delay]: { target: 'fired', actions: note('fired') } } },
            left: { on: { BACK: 'open' } },
            fired: {},
          },
          ...more,
        },
        'form.json': form,
        'rules.json': { delays },
      },
    },
  };
}
