/** Headers that hold whatever a page says, and a bound on how often one may ask. */
import type { RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';
import helmet from 'helmet';
import { EngineError } from '../../engine/index.js';
import type { Config } from '../config.js';
import type { Services } from './services.js';
import { sharedCounts } from './sharedCounts.js';

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

/** Refuses more than `limit` requests a minute from one address, on all servers together. `name` tells this limit from others. */
export function perMinute({ engine, wall }: Services, name: string, limit: number): RequestHandler {
  return rateLimit({
    windowMs: 60_000,
    limit,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    validate: false,
    store: sharedCounts(engine.store.limits, { name, limit, wall }),
    handler: (_request, _response, next) => next(new EngineError('TOO_MANY', { what: 'requests in a minute', limit, retryAfter: 60 })),
  });
}
