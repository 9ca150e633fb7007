/** What the crash test runs: jobs with timers, that tell each other things, and a schedule. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const told = { actions: { type: 'set', params: { heard: { '+': [{ var: ['record.heard', 0] }, 1] } } } };

/** Processes with their files, as JSON. */
export type ProcessFiles = { readonly [process: string]: { readonly [file: string]: unknown } };

/** Files of the processes; `edition` makes a new version of the first. */
export function faultProcesses(edition: number): ProcessFiles {
  return {
    job: {
      'statechart.json': {
        id: 'job',
        initial: 'idle',
        description: `Edition ${edition}`,
        on: {
          'job.HEAR': told,
          TELL: { actions: { type: 'signal', params: { event: 'HEAR', link: 'peer', data: { token: { var: 'event.token' } } } }, meta: { form: ['token'] } },
        },
        states: {
          idle: { on: { START: 'busy', SPAWN: { actions: { type: 'create', params: { process: 'part', link: 'part', data: { title: 'made by a job' } } } } } },
          busy: {
            on: { STOP: 'idle' },
            after: { 80: { target: 'idle', actions: { type: 'set', params: { fired: { '+': [{ var: ['record.fired', 0] }, 1] } } } } },
          },
        },
      },
      'form.json': {
        type: 'object',
        properties: { title: { type: 'string' }, token: { type: 'string' }, fired: { type: 'integer', default: 0 }, heard: { type: 'integer', default: 0 } },
      },
      'process.json': {
        prefix: 'JOB',
        links: { peer: { title: 'Peer', to: ['job'], many: true }, part: { title: 'Part', to: ['part'], many: true } },
        clocks: { work: { runs: { in: ['busy'] }, pauses: { in: ['idle'] }, target: 'PT1H', warnings: [0.5] } },
      },
    },
    part: {
      'statechart.json': { id: 'part', initial: 'new', states: { new: {} } },
      'form.json': { type: 'object', properties: { title: { type: 'string' } } },
      'process.json': { prefix: 'PRT', schedules: { everyMinute: { cron: '* * * * *', create: { data: { title: 'by the clock' } } } } },
    },
  };
}

/** A record that waits, and by itself tells the next one that it has: what is due leads to what follows. */
export const relayProcesses: ProcessFiles = {
  relay: {
    'statechart.json': {
      id: 'relay',
      initial: 'idle',
      on: { 'relay.HEARD': { actions: { type: 'set', params: { heard: { '+': [{ var: ['record.heard', 0] }, 1] } } } } },
      states: {
        idle: { on: { START: 'waiting' } },
        waiting: { after: { 50: { target: 'told', actions: { type: 'signal', params: { event: 'HEARD', link: 'next' } } } } },
        told: {},
      },
    },
    'form.json': { type: 'object', properties: { title: { type: 'string' }, heard: { type: 'integer', default: 0 } } },
    'process.json': { prefix: 'RLY', links: { next: { title: 'Next', to: ['relay'], many: true } } },
  },
};

/** Writes the processes' files into their folders. */
export function layProcesses(folder: string, processes: ProcessFiles): void {
  for (const [process, files] of Object.entries(processes)) {
    mkdirSync(join(folder, process), { recursive: true });
    for (const [file, content] of Object.entries(files)) writeFileSync(join(folder, process, file), JSON.stringify(content));
  }
}
