/** Figures as people read them: value and target in words, and how they went from month to month. */
import type { Figure } from '../../engine/index.js';
import { drawTrend } from './drawing/drawTrend.js';

export interface FigureView {
  readonly id: string;
  readonly title: string;
  readonly description: string | null;
  /** `87.5`, or null when there is nothing it could be worked out from. */
  readonly value: string | null;
  readonly unit: string | null;
  readonly chip: { readonly tone: string; readonly text: string };
  /** `at least 90 %`, or null. */
  readonly target: string | null;
  readonly basis: string;
  /** Records left out, in words; null when there are none. */
  readonly failed: string | null;
  readonly drawing: string | null;
  readonly months: readonly { readonly month: string; readonly value: string | null; readonly records: string; readonly chip: FigureView['chip'] | null }[];
}

const numbers = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 1 });
const monthNames = new Intl.DateTimeFormat('en-GB', { month: 'short', year: 'numeric', timeZone: 'UTC' });

/** `Mar 2026` of `2026-03`. */
function monthTitle(month: string): string {
  return monthNames.format(new Date(`${month}-01T00:00:00Z`));
}

/** `1,250.5 h`; a value without a unit stands alone. */
function measured(value: number, unit: string | null): string {
  return unit === null ? numbers.format(value) : `${numbers.format(value)} ${unit}`;
}

const met = { tone: 'good', text: 'Target met' } as const;
const missed = { tone: 'danger', text: 'Target missed' } as const;

export function figureView(figure: Figure): FigureView {
  const { kpi, title, description, value, unit, target, direction, count, failed, months } = figure;
  const records = (n: number): string => `${n.toLocaleString('en-GB')} ${n === 1 ? 'record' : 'records'}`;
  return {
    id: `figure-${kpi.replaceAll(/[^\w-]/gu, '-')}`,
    title,
    description,
    value: value === null ? null : numbers.format(value),
    unit,
    chip: chipOf(figure),
    target: target === null ? null : `${direction === 'down' ? 'at most' : 'at least'} ${measured(target, unit)}`,
    basis: `From ${records(count)}`,
    failed: failed === 0 ? null : `${records(failed)} could not be measured and ${failed === 1 ? 'is' : 'are'} left out.`,
    drawing: months.length === 0 ? null : drawTrend({ months, target, told: (point) => `${monthTitle(point.month)}: ${wordsOf(point, unit)}` }),
    months: months
      .map((point) => ({
        month: monthTitle(point.month),
        value: point.value === null ? null : measured(point.value, unit),
        records: point.count.toLocaleString('en-GB'),
        chip: point.met === null ? null : point.met ? { tone: 'good', text: 'Met' } : { tone: 'danger', text: 'Missed' },
      }))
      .reverse(),
  };
}

function wordsOf({ value, count }: Figure['months'][number], unit: string | null): string {
  return value === null ? 'no value' : `${measured(value, unit)} from ${count.toLocaleString('en-GB')}`;
}

function chipOf({ value, met: isMet, target }: Figure): FigureView['chip'] {
  if (value === null) return { tone: 'neutral', text: 'No records' };
  if (target === null) return { tone: 'neutral', text: 'No target' };
  return isMet ? met : missed;
}
