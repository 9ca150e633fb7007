/** Every error of a handler ends here: as a problem document for programs, as a page for people. Never a stack trace. */
import type { ErrorRequestHandler, Request, Response } from 'express';
import type { EngineError } from '../../engine/index.js';
import { sessionUser } from '../auth/identity.js';
import { asEngineError, detailOf, problemDocument, retryAfter, statusOf } from '../httpErrors.js';
import { requestIdOf } from './attend.js';
import { FormBody } from './formBody.js';
import { makeVisit } from './makeVisit.js';
import { isForPrograms } from './paths.js';
import type { Renderer } from './render.js';
import type { Services } from './services.js';

function sendProblem(response: Response, error: EngineError): void {
  if (error.code === 'NOT_SIGNED_IN') response.setHeader('WWW-Authenticate', 'Bearer');
  response.setHeader('Cache-Control', 'no-store');
  response
    .status(statusOf(error))
    .type('application/problem+json')
    .send(JSON.stringify({ ...problemDocument(error), requestId: requestIdOf(response) }));
}

const titles: { readonly [status: number]: string } = {
  403: 'Not allowed',
  404: 'Not found',
  405: 'Not possible here',
  409: 'Not possible any more',
  413: 'Too large',
  429: 'Too many attempts',
  503: 'Busy',
};

async function sendErrorPage(request: Request, response: Response, error: EngineError, parts: { services: Services; renderer: Renderer }): Promise<void> {
  const user = await sessionUser(request, parts.services).catch(() => null);
  const status = statusOf(error);
  await makeVisit({ request, response, ...parts, user, form: new FormBody() }).page({
    view: 'errors/error',
    title: titles[status] ?? 'Something went wrong',
    status,
    width: 'narrow',
    model: {
      heading: titles[status] ?? (status >= 500 ? 'Something went wrong' : 'That did not work'),
      detail: detailOf(error),
      remedy: error.remedy,
      fields: Array.isArray(error.facts.fields) ? error.facts.fields : [],
      code: error.code,
      requestId: requestIdOf(response),
      back: request.method === 'GET' ? '/' : request.originalUrl,
    },
  });
}

/** Where the browser should go to sign in and come back from. */
function signInPath(request: Request): string {
  const next = request.method === 'GET' && request.path !== '/' ? `?next=${encodeURIComponent(request.originalUrl)}` : '';
  return `/sign-in${next}`;
}

/** Who is refused for want of time must not cost any: no session is looked up, nothing rendered. */
function sendBusyPage(response: Response, error: EngineError): void {
  response.setHeader('Cache-Control', 'no-store');
  response
    .status(statusOf(error))
    .type('html')
    .send(
      `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Busy</title></head><body><main><h1>Busy</h1><p>${error.message} ${error.remedy}</p></main></body></html>\n`,
    );
}

export function createFailureHandler(services: Services, renderer: Renderer): ErrorRequestHandler {
  return (thrown: unknown, request, response, next) => {
    const error = asEngineError(thrown);
    const id = requestIdOf(response);
    if (error.code === 'INTERNAL') services.log.error({ request: id, err: error.cause ?? error }, 'unexpected error');
    if (error.code === 'FORBIDDEN' || error.code === 'NOT_SIGNED_IN')
      services.log.info({ request: id, code: error.code, path: request.path, reason: error.facts.reason }, 'refused');
    if (response.headersSent) return next(thrown);
    const wait = retryAfter(error);
    if (wait !== null) response.setHeader('Retry-After', String(wait));
    if (isForPrograms(request.path) || !request.accepts('html')) return sendProblem(response, error);
    if (error.code === 'BUSY') return sendBusyPage(response, error);
    if (error.code === 'NOT_SIGNED_IN') return response.redirect(303, signInPath(request));
    sendErrorPage(request, response, error, { services, renderer }).catch((failure: unknown) => {
      services.log.error({ request: id, err: failure }, 'error page failed');
      if (!response.headersSent) response.status(500).type('text').send(`Something went wrong. Give this id to your administrator: ${id}\n`);
    });
  };
}
