/** What the page of operations shows. */
import type { Operations, QueuedEffect, Retried, RetryWhat } from '../../engine/index.js';
import type { HealthReport } from '../monitoring/health.js';

interface Given {
  readonly operations: Operations;
  readonly report: HealthReport;
  /** Numbers of the records this reader may see, by id. */
  readonly numbers: ReadonlyMap<string, string>;
  readonly now: number;
  readonly sendsMail: boolean;
}

export function operationsModel({ operations, report, numbers, now, sendsMail }: Given): object {
  const { depth, timers, effects, lateTimers, failedJobs, retries, writerWaiting } = operations;
  const numberOf = (record: string): string | null => numbers.get(record) ?? null;
  // Of a record that is not the reader's to see: that something failed and of which kind, not what it was about.
  const reasonOf = (record: string, kept: string): string => (numbers.has(record) ? reasonWords(kept) : kindOfReason(kept));
  return {
    ready: report.ready,
    wrong: report.parts.filter(({ ok }) => !ok).map(({ part, reason }) => ({ part: partNames[part], reason })),
    sendsMail,
    depth,
    writerWaiting,
    oldestEffect: depth.oldestEffect === null ? null : now - depth.oldestEffect,
    effects: effects.map((effect) => ({
      key: effect.key,
      number: numberOf(effect.record),
      what: describeEffect(effect, numbers),
      attempts: effect.attempts,
      createdAt: effect.createdAt,
      error: effect.lastError === null ? 'No reason was given.' : reasonOf(effect.record, effect.lastError),
    })),
    moreEffects: Math.max(0, depth.parkedEffects - effects.length),
    timers: timers.map(({ record, key, event, dueAt, parkedAt, reason }) => ({
      record,
      key,
      event,
      dueAt,
      parkedAt,
      reason: reasonOf(record, reason),
      number: numberOf(record),
    })),
    moreTimers: Math.max(0, depth.parkedTimers - timers.length),
    late: lateTimers.map(({ record, event, dueAt }) => ({ event, dueAt, by: now - dueAt, number: numberOf(record) })),
    moreLate: Math.max(0, depth.timersDue - lateTimers.length),
    jobs: failedJobs.map(({ job, since, at, times, reason }) => ({ job, title: jobTitle(job), since, at, times, reason: reasonWords(reason) })),
    retries: retries.map(({ at, by, what, tried }: Retried) => ({ at, by, what: describeRetry(what), tried })),
  };
}

const partNames: { readonly [part in HealthReport['parts'][number]['part']]: string } = {
  database: 'Database',
  definitions: 'Definitions',
  timers: 'Timers',
  shutdown: 'Shutdown',
};

const jobTitles: { readonly [job: string]: string } = {
  waking: 'Taking up what is due',
  'reading folders': 'Reading the folders of definitions',
  'taking in changes': 'Taking in what other servers changed',
  clearing: 'Clearing what has expired',
  sealing: 'Sealing the day in a checkpoint',
};

function jobTitle(job: string): string {
  return jobTitles[job] ?? (job.startsWith('schedule ') ? `Opening the record of the schedule ${job.slice('schedule '.length)}` : job);
}

/** What was kept is `CODE: sentence {facts}`; people are told the sentence and what the facts say in words. */
function reasonWords(kept: string): string {
  const [, code, sentence = '', text] = /^([A-Z_]+): ([^{]*)(\{.*\})?$/su.exec(kept) ?? [];
  if (code === undefined) return kept;
  const words = [sentence.trim(), ...(text === undefined ? [] : factWords(text))].filter((part) => part !== '');
  return `${words.join(' ')} (${code})`;
}

function kindOfReason(kept: string): string {
  const code = /^([A-Z_]+): /u.exec(kept)?.[1];
  return code === undefined ? 'It failed.' : `It failed (${code}).`;
}

function factWords(text: string): readonly string[] {
  try {
    const { reason, rule, fields, status } = JSON.parse(text) as Readonly<Record<string, unknown>>;
    const told = Array.isArray(fields) ? fields.map((one: { field?: unknown; message?: unknown }) => `${one.field}: ${one.message}`) : [];
    return [
      ...(typeof rule === 'string' ? [`Rule ${rule}:`] : []),
      ...(typeof reason === 'string' ? [reason.endsWith('.') ? reason : `${reason}.`] : []),
      ...(typeof status === 'number' ? [`The other side answered ${status}.`] : []),
      ...told,
    ];
  } catch {
    return [text];
  }
}

function describeEffect({ record, effect }: QueuedEffect, numbers: ReadonlyMap<string, string>): string {
  const seen = numbers.has(record);
  if (effect.type === 'notify') return seen ? `Message "${effect.message}" to ${effect.to.join(', ')}` : `Message "${effect.message}"`;
  if (effect.type === 'webhook') return `Webhook to ${effect.target}`;
  if (effect.type === 'measure') return `Figures ${effect.kpis.join(', ')}`;
  if (effect.record === undefined) return `Signal ${effect.event} to all linked as ${effect.link ?? '?'}`;
  const known = [...numbers].find((one) => one.includes(effect.record ?? ''))?.[1];
  return `Signal ${effect.event} to ${known ?? 'another record'}`;
}

function describeRetry(what: RetryWhat): string {
  if ('effect' in what) return `The delivery ${what.effect.slice(0, 12)}…${what.effect.slice(what.effect.indexOf(':'))}`;
  if ('timer' in what) return `The timer ${what.timer}`;
  if ('job' in what) return jobTitle(what.job);
  if ('dismiss' in what) return `Off the list: ${jobTitle(what.dismiss)}`;
  return what.all === 'effects' ? 'All parked deliveries' : 'All parked timers';
}
