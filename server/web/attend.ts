/** Goes with every request from beginning to end: its id, its line in the log, its figures, its span. Never what is in it. */
import { randomUUID } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import { monotonic } from '../../engine/index.js';
import { type Cause, withCause } from '../monitoring/cause.js';
import { type Span, TRACEPARENT } from '../monitoring/spans.js';
import type { Services } from './services.js';

const SLOW_MS = 1000;
/** Enough for the ids that proxies make, and nothing that could break a line of a log or a header. */
const GIVEN_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{7,127}$/u;

/**
 * Gives each request an id, answered as `X-Request-Id`. What a caller says of himself counts only when he is a proxy that is trusted.
 * Requests that failed or took long are logged at `error` and `warn` (503 once a second with how many), the others at `debug`: they are counted anyway.
 */
export function attendRequests({ log, monitoring, health }: Pick<Services, 'log' | 'monitoring' | 'health'>): RequestHandler {
  const { metrics, tracing } = monitoring;
  const tellBusy = oncePerSecond((line, more) => log.warn({ ...line, ...(more > 0 ? { andMore: more } : {}) }, 'request refused for the time being'));
  return (request, response, next) => {
    const began = monotonic();
    const given = givenBy(request);
    const id = given.id ?? randomUUID();
    response.locals.requestId = id;
    response.setHeader('X-Request-Id', id);
    if (health.draining()) response.setHeader('Connection', 'close');
    const span = tracing?.begin({ name: request.method, kind: 'server', parent: given.traceparent }) ?? null;
    const answered = health.attend();
    // `close` comes once for every answer, also for one that the caller did not wait for.
    response.once('close', () => {
      const ms = monotonic() - began;
      const route = routeOf(request);
      const { method } = request;
      const status = response.statusCode;
      answered();
      metrics.request({ method, route, status, ms });
      endSpan(span, { id, method, route, status });
      const line = { request: id, method, path: request.path, status, ms: Math.round(ms), ...(response.writableFinished ? {} : { cut: true }) };
      if (status === 503) tellBusy(line);
      else if (status >= 500) log.error(line, 'request failed');
      else if (ms >= SLOW_MS) log.warn(line, 'slow request');
      else log.debug(line, 'request');
    });
    const cause: Cause = { request: id, run: null, kind: 'request', span: () => span };
    withCause(cause, next);
  };
}

/** A server that refuses because it has too much to do must not be kept busy with saying so. */
function oncePerSecond(tell: (line: object, more: number) => void): (line: object) => void {
  let told = Number.NEGATIVE_INFINITY;
  let more = 0;
  return (line) => {
    more += 1;
    if (monotonic() - told < 1000) return;
    told = monotonic();
    tell(line, more - 1);
    more = 0;
  };
}

/** The pattern of the route that answered; addresses that lead nowhere are all one, so that nobody can make labels. */
function routeOf(request: Request): string {
  const path: unknown = (request.route as { path?: unknown } | undefined)?.path;
  return typeof path === 'string' ? path : 'none';
}

function givenBy(request: Request): { readonly id: string | null; readonly traceparent: string | null } {
  if (!fromTrustedProxy(request)) return { id: null, traceparent: null };
  const asked = request.get('x-request-id') ?? '';
  const traceparent = request.get('traceparent') ?? '';
  const trace = TRACEPARENT.exec(traceparent)?.[1] ?? null;
  return { id: GIVEN_ID.test(asked) ? asked : trace, traceparent: trace === null ? null : traceparent };
}

/** Whether the other end of this very connection is a proxy whose word counts (`TRUST_PROXY`). */
function fromTrustedProxy(request: Request): boolean {
  const trusts = request.app.get('trust proxy fn') as (address: string | undefined, hop: number) => boolean;
  return trusts(request.socket.remoteAddress, 0);
}

function endSpan(span: Span | null, { id, method, route, status }: { id: string; method: string; route: string; status: number }): void {
  span?.end({
    name: `${method} ${route}`,
    attributes: { 'http.request.method': method, 'http.route': route, 'http.response.status_code': status, 'charter.request': id },
    failed: status >= 500 ? String(status) : null,
  });
}

/** The id of the request that this answers. */
export function requestIdOf(response: Response): string {
  return String(response.locals.requestId ?? '');
}
