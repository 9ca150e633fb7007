/** The work that happens by itself, for administrators: what waits, what is late, what failed and waits for a person, each with a way to try again. */
import type { RetryWhat } from '../../engine/index.js';
import { EngineError, pause } from '../../engine/index.js';
import type { FormBody } from '../web/formBody.js';
import { holds, type Route } from '../web/route.js';
import type { Notice, Visit } from '../web/visit.js';
import { operationsModel } from './operationsModel.js';

const administrator = holds('administrator');
const PATH = '/admin/operations';
/** A job may take long; whoever started it need not wait for its end. */
const PATIENCE_MS = 3_000;
/** Records whose numbers are looked up. */
const NUMBERED = 300;

async function show(visit: Visit): Promise<void> {
  const { engine, health, config } = visit.services;
  const [operations, report] = await Promise.all([engine.operations(visit.actor), health.check()]);
  const { timers, effects, lateTimers } = operations;
  const targets = effects.flatMap(({ effect }) => (effect.type === 'signal' && effect.record !== undefined ? [effect.record] : []));
  const ids = [...new Set([...[...timers, ...effects, ...lateTimers].map(({ record }) => record), ...targets])].slice(0, NUMBERED);
  const found = await Promise.all(ids.map((id) => engine.record(id, visit.actor).catch(() => null)));
  const numbers = new Map(found.flatMap((record) => (record ? [[record.id, record.number]] : [])));
  await visit.page({
    view: 'admin/operations',
    title: 'Operations',
    current: PATH,
    model: operationsModel({ operations, report, numbers, now: engine.now(), sendsMail: config.smtpUrl !== null }),
  });
}

/** @throws EngineError MALFORMED for a form that names nothing that could be tried again. */
function whatOf(form: FormBody): RetryWhat {
  const [effect, record, timer, job, dismiss, all] = ['effect', 'record', 'timer', 'job', 'dismiss', 'all'].map((name) => form.text(name));
  if (effect) return { effect };
  if (record && timer) return { record, timer };
  if (job) return { job };
  if (dismiss) return { dismiss };
  if (all === 'effects' || all === 'timers') return { all };
  throw new EngineError('MALFORMED', { reason: 'Nothing was named that could be tried again.' });
}

async function retry(visit: Visit): Promise<void> {
  const { engine, log } = visit.services;
  const what = whatOf(visit.form);
  const tried = await Promise.race([engine.retry(what, visit.actor), pause(PATIENCE_MS).then(() => null)]);
  log.info({ request: visit.response.locals.requestId, by: visit.actor.id, what, tried }, 'tried again by hand');
  visit.redirect(PATH, noticeOf(what, tried));
}

function noticeOf(what: RetryWhat, tried: number | null): Notice {
  if (tried === null) return { tone: 'info', text: 'It was started and goes on. Look again in a while.' };
  if ('job' in what) return tried === 1 ? { tone: 'good', text: 'It went well this time.' } : { tone: 'warning', text: 'It failed again. See the reason.' };
  if ('dismiss' in what) return { tone: 'info', text: 'It is off the list, and comes back should it fail again.' };
  if (tried === 0) return { tone: 'info', text: 'There was nothing left to try again: it is no longer parked.' };
  return { tone: 'good', text: tried === 1 ? 'It will be tried again now.' : `${tried} will be tried again now.` };
}

export function operationRoutes(): readonly Route[] {
  return [
    { method: 'get', path: PATH, allow: administrator, handle: show },
    { method: 'post', path: PATH, allow: administrator, handle: retry },
  ];
}
