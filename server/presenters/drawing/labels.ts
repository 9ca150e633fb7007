import type { Chart, ChartTransition } from './chart.js';
import { FONTS, type TextLine } from './figure.js';
import { wrapText } from './measure.js';
import { isTimed } from './triggers.js';
import { shortened } from './words.js';

const LABEL = { width: 170, lines: 2 } as const;
const SHORT = 60;

/** The lines of a label: the titles of the transitions, and beneath those that share a guard the guard in brackets. The same words are said once. */
export function transitionLines(transitions: readonly ChartTransition[], words: (guard: string) => string): TextLine[] {
  const byGuard = new Map<string | null, Map<string, boolean>>();
  for (const { trigger, guard } of transitions.filter((each) => each.trigger.kind !== 'default')) {
    const titles = byGuard.get(guard) ?? new Map<string, boolean>();
    byGuard.set(guard, titles.set(trigger.title, isTimed(trigger.kind)));
  }
  return [...byGuard].flatMap(([guard, titles]) => [
    ...[...titles].flatMap(([title, timed]) => titleLines(title, timed)),
    ...(guard === null ? [] : guardLines(words(guard))),
  ]);
}

function titleLines(title: string, timed: boolean): TextLine[] {
  return wrapText(title, FONTS.label, LABEL).map((text, index): TextLine => ({ text, style: timed && index === 0 ? 'timer' : 'label' }));
}

function guardLines(sentence: string): TextLine[] {
  return wrapText(`[${shortened(sentence, SHORT)}]`, FONTS.guard, { width: LABEL.width, lines: 3 }).map((text): TextLine => ({ text, style: 'guard' }));
}

/** The whole of a transition in one sentence, for the tooltip. */
export function transitionHint(transition: ChartTransition, chart: Chart, words: (guard: string) => string): string {
  const title = (path: string): string => (path === '' ? 'any state' : (chart.states.get(path)?.title ?? path));
  const targets = transition.targets.map(title).join(' and ');
  const condition = transition.guard === null ? '' : `, if ${words(transition.guard)}`;
  return `${transition.trigger.title || 'Without history'}: ${title(transition.source)} to ${targets}${condition}`;
}
