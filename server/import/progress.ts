/** Tells how far an import is, how fast it goes and how long it will take; on a terminal in one line, else now and then. */

export interface ProgressOutput {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

export interface ProgressReport {
  /** Called after every case; writes at most so often. */
  tell(rows: number): void;
  end(): void;
}

/** `monotonic` gives milliseconds that only grow. */
export function createProgress(output: ProgressOutput, total: number, monotonic: () => number): ProgressReport {
  const terminal = output.isTTY === true;
  const pauseBetween = terminal ? 200 : 5_000;
  const began = monotonic();
  let last = began;
  return {
    tell(rows) {
      const now = monotonic();
      if (now - last < pauseBetween) return;
      last = now;
      output.write(terminal ? `\r\u001b[K${sentence(rows, total, now - began)}` : `${sentence(rows, total, now - began)}\n`);
    },
    end: () => void (terminal && output.write('\r\u001b[K')),
  };
}

function sentence(rows: number, total: number, elapsed: number): string {
  const rate = elapsed > 0 ? (rows * 1000) / elapsed : 0;
  const left = rate > 0 ? Math.ceil((total - rows) / rate) : null;
  const share = total > 0 ? Math.floor((100 * rows) / total) : 100;
  return `${rows} of ${total} rows (${share} %), ${Math.round(rate)} rows/s${left === null ? '' : `, about ${spell(left)} left`}`;
}

function spell(seconds: number): string {
  return seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
