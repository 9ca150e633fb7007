/** `Idempotency-Key`: scope is the actor and the route, content the body, whatever the order of its members. */
import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { type CreateRequest, EngineError } from '../../engine/index.js';
import type { Visit } from '../web/visit.js';

export type IdempotencyRequest = NonNullable<CreateRequest['idempotency']>;

const HEADER = 'Idempotency-Key';
const digest = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

/** What the engine needs to recognise a repeat; undefined without the header. @throws QUERY_INVALID for a key that is none. */
export function idempotencyOf({ request, actor, form }: Visit, body: unknown): IdempotencyRequest | undefined {
  const key = request.get(HEADER);
  if (key === undefined) return undefined;
  if (!/^[\x21-\x7e]{1,255}$/u.test(key))
    throw new EngineError('QUERY_INVALID', { parameter: HEADER, reason: 'It must be 1 to 255 visible ASCII characters.' });
  const { file } = form;
  const content = file ? { name: file.name, type: file.type, sha256: digest(file.content) } : (body ?? null);
  return { scope: `api:${actor.id}:${request.method} ${request.path}:${key}`, bodyHash: digest(canonicalize(content) ?? '') };
}
