/** One request as handlers see it. */
import type { Request, Response } from 'express';
import type { Actor, UserRow } from '../../engine/index.js';
import type { FormBody } from './formBody.js';
import type { Services } from './services.js';

export interface Notice {
  readonly tone: 'good' | 'info' | 'warning' | 'danger';
  readonly text: string;
}

export interface PageSpec {
  /** Template under `views/`, e.g. `staff/work`. */
  readonly view: string;
  /** Of the browser window; `Charter` is added. */
  readonly title: string;
  /** The `href` of the navigation entry that is current. */
  readonly current?: string;
  /** Bundles of `views/assets/src`, e.g. `live.js`. */
  readonly scripts?: readonly string[];
  readonly width?: 'narrow' | 'wide' | 'normal';
  readonly layout?: 'main' | 'bare';
  readonly status?: number;
  /** Plain data from a presenter; frozen before the template sees it. Must not hold `ui` or `body`. */
  readonly model: object;
}

export interface Visit {
  readonly request: Request;
  readonly response: Response;
  readonly services: Services;
  /** Null when nobody is signed in (routes that `anyone` may use). */
  readonly user: UserRow | null;
  /** Who acts. Throws NOT_SIGNED_IN when nobody is signed in. */
  readonly actor: Actor;
  /** IANA zone in which this reader sees times. */
  readonly zone: string;
  /** What a page's form sent; empty for other requests. */
  readonly form: FormBody;
  /** A path parameter. */
  param(name: string): string;
  /** A query parameter; null when absent or empty. Throws QUERY_INVALID when given twice. */
  query(name: string): string | null;
  page(spec: PageSpec): Promise<void>;
  /** 303 to an own path, with a notice shown there once. */
  redirect(path: string, notice?: Notice): void;
}
