/** Figures kept on a record, as the action `measure` brings them. */
import type { FieldSchema, Json } from '../../engine/index.js';

export interface MeasuredFigure {
  readonly title: string;
  /** Of which process, in words. */
  readonly of: string;
  readonly value: string | null;
  readonly target: string | null;
  readonly chip: { readonly tone: string; readonly text: string } | null;
  readonly records: string | null;
}

/** Whether the items of a list are such figures. */
export function holdsFigures({ items }: FieldSchema): boolean {
  const { properties = {} } = items ?? {};
  return 'kpi' in properties && 'value' in properties;
}

const numbers = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 1 });

export function measuredFigure(row: Json): MeasuredFigure {
  const { process, kpi, title, value, unit, target, met, count } = (row ?? {}) as { readonly [name: string]: Json };
  const told = (amount: Json | undefined): string | null =>
    typeof amount === 'number' ? `${numbers.format(amount)}${typeof unit === 'string' ? ` ${unit}` : ''}` : null;
  return {
    title: String(title ?? kpi ?? ''),
    of: String(process ?? '').replaceAll('-', ' '),
    value: told(value),
    target: told(target),
    chip: met === true ? { tone: 'good', text: 'Met' } : met === false ? { tone: 'danger', text: 'Missed' } : null,
    records: typeof count === 'number' ? numbers.format(count) : null,
  };
}
