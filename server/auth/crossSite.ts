/** A change of state must come from a page of ours: the browser says so, and the form carries the session's token. */
import { csrfSync } from 'csrf-sync';
import type { Request } from 'express';
import { EngineError } from '../../engine/index.js';
import type { FormBody } from '../web/formBody.js';

const forms = new WeakMap<Request, FormBody>();

const { generateToken, isRequestValid } = csrfSync({
  getTokenFromRequest: (request) => forms.get(request)?.text('_csrf') || request.get('x-csrf-token'),
});

/** The session's token, made when there is none yet. */
export function csrfToken(request: Request): string {
  return generateToken(request);
}

/** @throws EngineError FORBIDDEN when the request was not sent by a form of ours. */
export function refuseForeign(request: Request, form: FormBody, publicUrl: string): void {
  const site = request.get('sec-fetch-site');
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw new EngineError('FORBIDDEN', { reason: 'The request came from another site.' });
  const origin = request.get('origin');
  const own = [publicUrl, `${request.protocol}://${request.get('host') ?? ''}`];
  if (origin !== undefined && !own.includes(origin)) throw new EngineError('FORBIDDEN', { reason: 'The request came from another site.' });
  forms.set(request, form);
  if (!isRequestValid(request)) throw new EngineError('FORBIDDEN', { reason: 'The form is too old. Load the page again and repeat what you did.', form: true });
}
