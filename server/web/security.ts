/** Headers that hold whatever a page says, the request's id, and its line in the log. */
import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';
import helmet from 'helmet';
import type { Logger } from 'pino';
import { EngineError, monotonic } from '../../engine/index.js';
import type { Config } from '../config.js';

const SLOW_MS = 1000;

export function securityHeaders(config: Config): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        imgSrc: ["'self'", 'data:'],
        objectSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        ...(config.secure ? { upgradeInsecureRequests: [] } : {}),
      },
    },
    frameguard: { action: 'deny' },
    hsts: config.secure ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    // Stricter would make browsers send `Origin: null` with our own forms.
    referrerPolicy: { policy: 'same-origin' },
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    originAgentCluster: true,
  });
}

/** Gives each request an id (answered as X-Request-Id) and writes one line for those that failed or took long; never a body. */
export function requestLog(log: Logger): RequestHandler {
  return (request, response, next) => {
    const id = randomUUID();
    const began = monotonic();
    response.locals.requestId = id;
    response.setHeader('X-Request-Id', id);
    response.on('finish', () => {
      const ms = Math.round(monotonic() - began);
      const line = { id, method: request.method, path: request.path, status: response.statusCode, ms };
      if (response.statusCode >= 500) log.error(line, 'request failed');
      else if (ms >= SLOW_MS) log.warn(line, 'slow request');
      else log.debug(line, 'request');
    });
    next();
  };
}

/** Refuses more than `limit` requests a minute from one address. */
export function perMinute(limit: number): RequestHandler {
  return rateLimit({
    windowMs: 60_000,
    limit,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    validate: false,
    handler: (_request, _response, next) => next(new EngineError('TOO_MANY', { what: 'requests in a minute', limit, retryAfter: 60 })),
  });
}
