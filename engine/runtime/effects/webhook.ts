/** Webhooks to targets that an administrator named; nothing in content chooses an address. */
import { EngineError } from '../../errors.js';
import type { Deliver } from './deliver.js';

const TIMEOUT_MS = 10_000;

export function createWebhookDelivery(target: (name: string) => Promise<string | null>): Deliver {
  return async (effect, queued, carried) => {
    if (effect.type !== 'webhook') return;
    const url = await target(effect.target);
    if (url === null) throw new EngineError('NOT_FOUND', { webhook: effect.target, reason: 'no administrator has named this target' });
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: { ...carried.headers, 'content-type': 'application/json', 'idempotency-key': queued.key },
      body: JSON.stringify(effect.body),
    });
    if (!response.ok) throw new EngineError('INTERNAL', { webhook: effect.target, status: response.status });
  };
}
