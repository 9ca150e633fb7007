/** Processes that live by the clock: delays of every kind, and schedules in time zones that change theirs. */
import type { ProcessFiles } from './processes.js';

export const timeProcesses: ProcessFiles = {
  waiter: {
    'statechart.json': {
      id: 'waiter',
      initial: 'waiting',
      states: {
        waiting: { after: { long: 'local', 600000: { actions: { type: 'set', params: { minutes: 10 } } } } },
        local: { after: { at: 'done' } },
        done: { type: 'final' },
      },
    },
    'rules.json': { delays: { long: 'PT36H', at: { until: { var: 'record.until' } } } },
    'form.json': {
      type: 'object',
      properties: { title: { type: 'string' }, minutes: { type: 'integer', default: 0 }, until: { type: 'string', format: 'date-time' } },
    },
    'process.json': { prefix: 'WTR', create: { form: ['title', 'until'] } },
  },
  tick: {
    'statechart.json': { id: 'tick', initial: 'new', states: { new: {} } },
    'form.json': { type: 'object', properties: { title: { type: 'string' } } },
    'process.json': {
      prefix: 'TCK',
      schedules: {
        berlin: { cron: '30 2 * * *', timezone: 'Europe/Berlin', create: { data: { title: 'berlin' } } },
        newYork: { cron: '30 1 * * *', timezone: 'America/New_York', create: { data: { title: 'newYork' } } },
        leap: { cron: '0 12 29 2 *', timezone: 'UTC', create: { data: { title: 'leap' } } },
        newYear: { cron: '0 0 1 1 *', timezone: 'Pacific/Auckland', create: { data: { title: 'newYear' } } },
      },
    },
  },
};
