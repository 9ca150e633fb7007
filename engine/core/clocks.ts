/**
 * SLA clocks. A step decides marks (run, pause, stop, retarget, reset); elapsed time is the fold of the marks on the
 * calendar, so a late correction or another calendar can always be recomputed from the history.
 */
import type { ClockSpec } from '../definitions/authored.js';
import { businessBetween, businessPlus, type Calendar, type RuleEnvironment } from '../rules/index.js';
import type { ClockMark, ClockState, Timer } from '../types.js';

/** What the rules say of a clock after a step. */
export interface ClockWish {
  readonly status: 'idle' | 'running' | 'paused' | 'stopped';
  readonly reason: string | null;
  /** Milliseconds; null while the target cannot be computed (the clock then only counts). */
  readonly target: number | null;
  readonly calendar: string | null;
  /** A new cycle begins in this step. */
  readonly restart: boolean;
}

const IDLE: ClockState = {
  status: 'idle',
  cycle: 0,
  counted: 0,
  since: 0,
  target: null,
  calendar: null,
  dueAt: null,
  reason: null,
  arrived: [],
  breachedAt: null,
};

/** Time counted by a clock up to an instant, in milliseconds (business time where it has a calendar). */
export function elapsed(clock: ClockState, at: number, environment: RuleEnvironment): number {
  if (clock.status !== 'running') return clock.counted;
  return clock.counted + spent(clock.since, at, calendarOf(clock.calendar, environment));
}

/** Marks that lead from the clock's state to what is wished; empty when nothing changes. */
export function marksFor(
  name: string,
  spec: ClockSpec,
  { before, wish, at, retime }: { readonly before: ClockState | undefined; readonly wish: ClockWish; readonly at: number; readonly retime: boolean },
): readonly ClockMark[] {
  const clock = before ?? IDLE;
  const marks: ClockMark[] = [];
  const aimed = { target: wish.target ?? -1, calendar: wish.calendar };
  const again = clock.status === 'stopped' && wish.status === 'running' && spec.onRestart === 'restart';
  if (clock.status !== 'idle' && (wish.restart || again)) marks.push({ clock: name, kind: 'reset', at });
  const fresh = clock.status === 'idle' || marks.length > 0;
  if (wish.status === 'idle') return marks;
  if (fresh || wish.status !== clock.status || (wish.status === 'paused' && wish.reason !== (clock.reason ?? null))) {
    marks.push({ clock: name, kind: kindOf(wish.status), at, ...(wish.reason ? { reason: wish.reason } : {}), ...aimed });
  } else if (wish.status !== 'stopped' && (retime || wish.target !== clock.target || wish.calendar !== clock.calendar)) {
    marks.push({ clock: name, kind: 'retarget', at, ...aimed });
  }
  return marks;
}

/** Applies one mark. Folding all marks of a clock gives its state. */
export function applyMark(before: ClockState | undefined, mark: ClockMark, environment: RuleEnvironment): ClockState {
  const clock = before ?? IDLE;
  if (mark.kind === 'reset') return { ...IDLE, cycle: clock.cycle, since: mark.at };
  const counted = elapsed(clock, mark.at, environment);
  const target = mark.target === undefined ? clock.target : mark.target < 0 ? null : mark.target;
  const calendar = mark.calendar === undefined ? clock.calendar : mark.calendar;
  const status = mark.kind === 'retarget' ? clock.status : mark.kind === 'run' ? 'running' : mark.kind === 'pause' ? 'paused' : 'stopped';
  const next: ClockState = {
    ...clock,
    cycle: clock.cycle === 0 || clock.status === 'idle' ? clock.cycle + 1 : clock.cycle,
    counted,
    since: mark.at,
    target,
    calendar,
    status,
    reason: mark.kind === 'retarget' ? (clock.reason ?? null) : (mark.reason ?? null),
    dueAt: null,
  };
  return { ...next, dueAt: dueAt(next, 1, environment) };
}

/** A threshold that has arrived, noted so that it arrives once a cycle. */
export function noteThreshold(clock: ClockState, fraction: number, at: number): ClockState {
  return { ...clock, arrived: [...clock.arrived, fraction], breachedAt: fraction >= 1 ? at : clock.breachedAt };
}

/** Timers of the thresholds that are still ahead in this cycle; those already passed are due at once. */
export function thresholdTimers(name: string, spec: ClockSpec, clock: ClockState, environment: RuleEnvironment): readonly Timer[] {
  if (clock.status !== 'running' || clock.target === null) return [];
  const fractions = [...(spec.warnings ?? []), 1].filter((fraction) => !clock.arrived.includes(fraction));
  return fractions.map((fraction) => ({
    key: `clock.${name}.${fraction}`,
    kind: 'clock' as const,
    event: fraction >= 1 ? `clock.${name}.breached` : `clock.${name}.warning`,
    data: { clock: name, fraction, cycle: clock.cycle },
    dueAt: dueAt(clock, fraction, environment) ?? clock.since,
  }));
}

function dueAt(clock: ClockState, fraction: number, environment: RuleEnvironment): number | null {
  if (clock.status !== 'running' || clock.target === null) return null;
  const left = Math.max(0, Math.round(clock.target * fraction) - clock.counted);
  const calendar = calendarOf(clock.calendar, environment);
  return calendar ? businessPlus(calendar, clock.since, left) : clock.since + left;
}

function spent(from: number, to: number, calendar: Calendar | null): number {
  if (to <= from) return 0;
  return calendar ? businessBetween(calendar, from, to) : to - from;
}

function calendarOf(name: string | null, environment: RuleEnvironment): Calendar | null {
  return name === null ? null : (environment.calendars.get(name) ?? null);
}

function kindOf(status: 'running' | 'paused' | 'stopped'): ClockMark['kind'] {
  return status === 'running' ? 'run' : status === 'paused' ? 'pause' : 'stop';
}
