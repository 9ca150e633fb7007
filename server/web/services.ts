/** Everything handlers work with, built once in `start` and handed over; nothing here is looked up anywhere else. */
import type { Logger } from 'pino';
import type { RunningEngine } from '../../engine/index.js';
import type { Passwords } from '../auth/passwords.js';
import type { SetUp } from '../auth/setUp.js';
import type { Config } from '../config.js';
import type { Health } from '../monitoring/health.js';
import type { Monitoring } from '../monitoring/monitoring.js';
import type { Assets } from './assets.js';

export interface Services {
  readonly config: Config;
  readonly engine: RunningEngine;
  readonly log: Logger;
  readonly monitoring: Monitoring;
  readonly health: Health;
  readonly assets: Assets;
  readonly passwords: Passwords;
  readonly setUp: SetUp;
  /** The real time in milliseconds, for sessions, tokens and rate limits; processes live on `engine.now()`. */
  readonly wall: () => number;
  /** Whether this installation runs on demonstration data. */
  readonly demo: boolean;
}
