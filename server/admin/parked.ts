/** Work that failed too often and waits for a person: timers and deliveries, each with a way to try again. */
import type { QueuedEffect } from '../../engine/index.js';
import { holds, type Route } from '../web/route.js';
import type { Visit } from '../web/visit.js';

const administrator = holds('administrator');

function describeEffect({ effect }: QueuedEffect): string {
  if (effect.type === 'notify') return `Message "${effect.message}" to ${effect.to.join(', ')}`;
  if (effect.type === 'webhook') return `Webhook to ${effect.target}`;
  if (effect.type === 'measure') return `Figures ${effect.kpis.join(', ')}`;
  return `Signal ${effect.event} to ${effect.record ?? `all linked as ${effect.link ?? '?'}`}`;
}

async function show(visit: Visit): Promise<void> {
  const { engine } = visit.services;
  const { timers, effects } = await engine.parked();
  const ids = [...new Set([...timers.map(({ record }) => record), ...effects.map(({ record }) => record)])].slice(0, 200);
  const found = await Promise.all(ids.map((id) => engine.record(id, visit.actor).catch(() => null)));
  const numbers = new Map(found.flatMap((record) => (record ? [[record.id, record.number]] : [])));
  await visit.page({
    view: 'admin/parked',
    title: 'Parked work',
    current: '/admin/parked',
    model: {
      timers: timers.map((timer) => ({
        record: timer.record,
        number: numbers.get(timer.record) ?? null,
        key: timer.key,
        event: timer.event,
        dueAt: timer.dueAt,
        reason: timer.reason,
      })),
      effects: effects.map((effect) => ({
        key: effect.key,
        number: numbers.get(effect.record) ?? null,
        what: describeEffect(effect),
        attempts: effect.attempts,
        createdAt: effect.createdAt,
        error: effect.lastError ?? 'No reason was given.',
      })),
    },
  });
}

async function retry(visit: Visit): Promise<void> {
  const { form } = visit;
  const effect = form.text('effect');
  await visit.services.engine.retry(effect ? { effect } : { record: form.text('record'), timer: form.text('timer') }, visit.actor);
  visit.redirect('/admin/parked', { tone: 'good', text: 'It will be tried again now.' });
}

export function parkedRoutes(): readonly Route[] {
  return [
    { method: 'get', path: '/admin/parked', allow: administrator, handle: show },
    { method: 'post', path: '/admin/parked', allow: administrator, handle: retry },
  ];
}
