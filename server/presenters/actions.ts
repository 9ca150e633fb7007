/** What can be done now, and why the rest can not. */
import type { Refusal, TransitionView } from '../../engine/index.js';
import type { FieldView } from '../forms/fieldView.js';
import { describeInstant } from './time.js';

export interface ActionView {
  readonly type: string;
  readonly title: string;
  readonly description: string | null;
  readonly help: string | null;
  readonly emphasis: string;
  readonly button: string;
  readonly action: string;
  /** Fields to fill in at once; null when the form has a page of its own or nothing is asked. */
  readonly fields: readonly FieldView[] | null;
  readonly page: string | null;
  readonly targets: string | null;
  readonly dependsOn: string | null;
}

export interface RefusedActionView {
  readonly title: string;
  readonly whoCould: string | null;
  readonly reasons: readonly { readonly sentence: string; readonly parts: readonly { readonly text: string; readonly holds: boolean }[] }[];
}

const ISO = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/u;

export interface ActionWords {
  readonly zone: string;
  readonly now: number;
  roleTitle(role: string): string;
  fieldTitle(name: string): string;
}

/** A value inside an explanation. */
function tellPart(value: unknown, words: ActionWords): string {
  if (value === null || value === undefined || value === '') return 'empty';
  if (typeof value === 'string') return ISO.test(value) ? describeInstant(Date.parse(value), words.zone, words.now).text : value;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.map((item) => tellPart(item, words)).join(', ');
  return typeof value === 'object' ? tellEntry(value as Readonly<Record<string, unknown>>, words) : String(value);
}

/** A record by its number, another entry of a list by what is filled in. */
function tellEntry(entry: Readonly<Record<string, unknown>>, words: ActionWords): string {
  if (typeof entry.number === 'string') return entry.number;
  const cells = Object.entries(entry).filter(([, value]) => value !== null && value !== '');
  return cells.map(([name, value]) => `${words.fieldTitle(name)} ${tellPart(value, words)}`).join(', ');
}

function tellPath(path: string, words: ActionWords): string {
  const [space, name] = path.split('.');
  if ((space === 'record' || space === 'event') && name) return words.fieldTitle(name);
  return path.replaceAll('.', ' ');
}

/** A refusal with each part of the rule, the value it has now and what was expected. */
export function tellRefusal(refusal: Refusal, words: ActionWords): RefusedActionView['reasons'][number] {
  const parts = refusal.parts.map(({ path, value, expected, holds }) => ({
    holds,
    text: `${tellPath(path, words)} is ${tellPart(value, words)}${expected && !holds ? `; expected ${expected}` : ''}`,
  }));
  return { sentence: refusal.sentence, parts };
}

export function refusedAction(transition: TransitionView, words: ActionWords): RefusedActionView {
  const whoCould = transition.whoCould.map((role) => words.roleTitle(role));
  return {
    title: transition.title,
    whoCould: whoCould.length > 0 ? whoCould.join(', ') : null,
    reasons: transition.reasons.map((reason) => tellRefusal(reason, words)),
  };
}

/** An action that is open; `fields` null puts it on a page of its own unless it asks for nothing. */
export function openAction(transition: TransitionView, path: string, fields: readonly FieldView[] | null, words: ActionWords): ActionView {
  const asks = transition.form.length > 0;
  return {
    type: transition.type,
    title: transition.title,
    description: transition.description,
    help: transition.help,
    emphasis: transition.emphasis ?? '',
    button: transition.emphasis ?? (asks ? 'primary' : ''),
    action: path,
    fields: asks ? fields : null,
    page: asks && fields === null ? path : null,
    targets: transition.targets.length > 0 ? transition.targets.join(', ') : null,
    dependsOn: transition.dependsOn.length > 0 ? transition.dependsOn.map((name) => words.fieldTitle(name)).join(', ') : null,
  };
}
