/** SLA clocks as people watch them. */
import type { ClockView } from '../../engine/index.js';
import { describeDuration } from './time.js';

export interface ClockCard {
  readonly name: string;
  readonly title: string;
  readonly tone: 'active' | 'warning' | 'danger' | 'waiting' | 'good' | 'neutral';
  /** "2 h 5 min left", "3 h over", "met", "paused". */
  readonly headline: string;
  readonly note: string;
  readonly dueAt: number | null;
  /** Share of the target used, 0 to 100. */
  readonly percent: number;
  /** Ticks in the browser: due instant while all hours count; business clocks say what the server worked out. */
  readonly live: boolean;
}

const WARN = 0.75;

function toneOf(clock: ClockView, used: number): ClockCard['tone'] {
  if (clock.breached) return 'danger';
  if (clock.status === 'stopped') return 'good';
  if (clock.status === 'paused') return 'waiting';
  return used >= WARN ? 'warning' : 'active';
}

function headlineOf(clock: ClockView): string {
  const { status, remaining } = clock;
  if (status === 'stopped') return clock.breached ? 'Missed' : 'Met';
  if (remaining === null) return status === 'paused' ? 'Paused' : 'Running';
  const text = describeDuration(Math.abs(remaining));
  return remaining < 0 ? `${text} over` : `${text} left`;
}

function noteOf(clock: ClockView): string {
  const { status, target, elapsed, calendar, reason } = clock;
  const hours = calendar ? 'working time' : 'all hours';
  const used = target === null ? `${describeDuration(elapsed)} so far` : `${describeDuration(elapsed)} of ${describeDuration(target)} used, ${hours}`;
  if (status === 'paused') return `Paused${reason ? `: ${reason}` : ''}. ${used}.`;
  return status === 'stopped' ? `Took ${describeDuration(elapsed)}${target === null ? '' : ` of ${describeDuration(target)}`}, ${hours}.` : `${used}.`;
}

/** Clocks that have begun: those running out first, then paused, then stopped. */
export function clockCards(clocks: { readonly [name: string]: ClockView }): readonly ClockCard[] {
  const order = { running: 0, paused: 1, stopped: 2, idle: 3 };
  return Object.entries(clocks)
    .filter(([, clock]) => clock.status !== 'idle')
    .sort(([, a], [, b]) => order[a.status] - order[b.status] || (a.dueAt ?? Number.MAX_SAFE_INTEGER) - (b.dueAt ?? Number.MAX_SAFE_INTEGER))
    .map(([name, clock]) => {
      const used = clock.target ? clock.elapsed / clock.target : 0;
      return {
        name,
        title: clock.title,
        tone: toneOf(clock, used),
        headline: headlineOf(clock),
        note: noteOf(clock),
        dueAt: clock.status === 'running' ? clock.dueAt : null,
        percent: Math.round(Math.min(1, Math.max(clock.breached ? 1 : 0, used)) * 100),
        live: clock.status === 'running' && clock.dueAt !== null && clock.calendar === null,
      };
    });
}

/** How pressing an instant is: past, within the hour, or neither. */
export function dueTone(due: number | null, now: number): 'danger' | 'warning' | 'neutral' {
  if (due === null) return 'neutral';
  if (due < now) return 'danger';
  return due - now < 3_600_000 ? 'warning' : 'neutral';
}
