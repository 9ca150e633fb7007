/** What the partial `field` draws. Hand-written forms make theirs with `field`; forms of processes come from `schemaField`. */

export interface OptionView {
  readonly value: string;
  readonly title: string;
  readonly description: string | null;
  readonly chosen: boolean;
}

export type FieldKind = 'input' | 'textarea' | 'select' | 'radio' | 'checkbox' | 'checks' | 'reference' | 'entries';

/** One row of a list of small objects. */
export interface EntryView {
  readonly legend: string;
  readonly fields: readonly FieldView[];
}

export interface FieldView {
  readonly name: string;
  readonly id: string;
  readonly title: string;
  readonly hint: string | null;
  readonly required: boolean;
  readonly kind: FieldKind;
  /** Drawn as a fieldset: several inputs under one legend. */
  readonly group: boolean;
  readonly inputType: string;
  readonly value: string | boolean;
  readonly error: string | null;
  readonly note: string | null;
  readonly options: readonly OptionView[] | null;
  readonly placeholder: string | null;
  readonly min: string | null;
  readonly max: string | null;
  readonly step: string | null;
  readonly maxlength: number | null;
  readonly unit: string | null;
  readonly listId: string | null;
  readonly broad: boolean;
  readonly short: boolean;
  readonly rows: number;
  readonly describedBy: string | null;
  readonly autocomplete: string | null;
  /** For `entries`: the rows; `more` when further ones may be asked for. */
  readonly entries: readonly EntryView[] | null;
  readonly more: boolean;
}

export type FieldSpec = { readonly name: string; readonly title: string } & Partial<Omit<FieldView, 'name' | 'title' | 'describedBy' | 'group'>>;

const nothing = {
  hint: null,
  required: false,
  kind: 'input',
  inputType: 'text',
  value: '',
  error: null,
  note: null,
  options: null,
  placeholder: null,
  min: null,
  max: null,
  step: null,
  maxlength: null,
  unit: null,
  listId: null,
  broad: false,
  short: false,
  rows: 4,
  autocomplete: null,
  entries: null,
  more: false,
} as const;

/** A field with everything left out filled in; its hint, note and error are tied to it for screen readers. */
export function field(spec: FieldSpec): FieldView {
  const id = spec.id ?? `field-${spec.name.replaceAll(/[^\w-]/gu, '-')}`;
  const whole = { ...nothing, ...spec, id };
  const described = [whole.hint && `${id}-hint`, whole.note && `${id}-note`, whole.error && `${id}-error`].filter(Boolean).join(' ');
  return { ...whole, group: whole.kind === 'radio' || whole.kind === 'checks' || whole.kind === 'entries', describedBy: described || null };
}

/** Options of a select or radio with the chosen one marked; `empty` stands first and means none. */
export function options(
  entries: readonly { readonly value: string; readonly title: string; readonly description?: string | undefined }[],
  chosen: string | readonly string[],
  empty?: string,
): OptionView[] {
  const picked = typeof chosen === 'string' ? [chosen] : chosen;
  const all = entries.map(({ value, title, description }) => ({ value, title, description: description ?? null, chosen: picked.includes(value) }));
  return empty === undefined ? all : [{ value: '', title: empty, description: null, chosen: picked.length === 0 || picked[0] === '' }, ...all];
}
