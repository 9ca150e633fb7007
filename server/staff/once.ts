/** A form counts once: each rendering carries its own key, and the engine answers a second arrival with the first result. */
import { createHash, randomUUID } from 'node:crypto';
import type { CreateRequest } from '../../engine/index.js';
import type { Visit } from '../web/visit.js';

/** A key for a form that is about to be shown. */
export function newKey(): string {
  return randomUUID();
}

/** Scope and content for the engine; undefined when the form carried no key (an old page), which then simply counts. */
export function idempotencyOf(visit: Visit, place: string): CreateRequest['idempotency'] {
  const key = visit.form.text('_once');
  if (!/^[0-9a-f-]{36}$/u.test(key)) return undefined;
  const file = visit.form.file ? createHash('sha256').update(visit.form.file.content).digest('hex') : '';
  const bodyHash = createHash('sha256')
    .update(JSON.stringify([place, visit.form.content(), file]))
    .digest('hex');
  return { scope: `form:${visit.actor.id}:${key}`, bodyHash };
}
