/** Whether the store can be written. Once a write failed for want of space or permission, a small write is tried every second until it succeeds. */
import { every } from '../../clock.js';

const probeInterval = 1_000;

export interface Health {
  readonly readOnly: () => boolean;
  /** Writing failed; start trying again. */
  stop(): void;
  close(): void;
}

/** `probe` resolves when a write succeeded. */
export function watchHealth(probe: () => Promise<void>): Health {
  let stopProbing: (() => void) | null = null;
  let probing = false;

  const close = (): void => {
    stopProbing?.();
    stopProbing = null;
  };
  const attempt = async (): Promise<void> => {
    if (probing) {
      return;
    }
    probing = true;
    await probe().then(close, () => undefined);
    probing = false;
  };
  return {
    readOnly: () => stopProbing !== null,
    stop: () => void (stopProbing ??= every(probeInterval, () => void attempt())),
    close,
  };
}
