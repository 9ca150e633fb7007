/** The instant that `restore --at` names, and how far back a backup reaches. */
import { EngineError, parseInstant } from '../../../engine/index.js';
import type { Config } from '../../config.js';
import type { Manifest } from './manifest.js';

const DAY = 86_400_000;
/** What is known of deliveries is kept as long; before that nobody could say what had been delivered by then. */
const REACH = 7 * DAY;

export interface InstantAsked {
  readonly instant: number;
  /** A clock that moves when told says nothing of the instant at which a backup was made. */
  readonly clock: Config['clock'];
}

export function instantOf(text: string, clock: Config['clock']): InstantAsked {
  const instant = parseInstant(text);
  if (instant === null)
    throw new EngineError('CONFIGURATION_INVALID', { variable: '--at', reason: `must be an instant such as 2026-03-02T10:00:00Z, not ${text}` });
  return { instant, clock };
}

/** @throws CONFIGURATION_INVALID for an instant that the backup can not bring back. */
export function refuseOutside({ instant, clock }: InstantAsked, { madeAt }: Manifest): void {
  if (clock === 'manual') return;
  const refuse = (reason: string): never => {
    throw new EngineError('CONFIGURATION_INVALID', { variable: '--at', reason });
  };
  if (instant > Date.parse(madeAt)) refuse(`is after the backup was made (${madeAt}); what came later it does not hold`);
  if (instant < Date.parse(madeAt) - REACH) refuse(`is more than seven days before the backup was made (${madeAt}); take an earlier backup`);
}
