import type { Chart, ChartTransition } from './chart.js';
import { FONTS, type TextLine } from './figure.js';
import { wrapText } from './measure.js';
import { isTimed } from './triggers.js';
import { shortened } from './words.js';

const LABEL = { width: 170, lines: 2 } as const;
const SHORT = 60;

/** The lines of a label: each transition's title, its guard in brackets beneath it. The same words are said once. */
export function transitionLines(transitions: readonly ChartTransition[], words: (guard: string) => string): TextLine[] {
  const said = new Set<string>();
  return transitions.flatMap((transition) => {
    const { trigger, guard } = transition;
    const key = `${trigger.title}|${guard ?? ''}`;
    if (trigger.kind === 'default' || said.has(key)) return [];
    said.add(key);
    const timed = isTimed(trigger.kind);
    const title = wrapText(trigger.title, FONTS.label, LABEL).map((text, index): TextLine => ({ text, style: timed && index === 0 ? 'timer' : 'label' }));
    const condition = guard === null ? [] : wrapText(`[${shortened(words(guard), SHORT)}]`, FONTS.guard, { width: LABEL.width, lines: 3 });
    return [...title, ...condition.map((text): TextLine => ({ text, style: 'guard' }))];
  });
}

/** The whole of a transition in one sentence, for the tooltip. */
export function transitionHint(transition: ChartTransition, chart: Chart, words: (guard: string) => string): string {
  const title = (path: string): string => (path === '' ? 'any state' : (chart.states.get(path)?.title ?? path));
  const targets = transition.targets.map(title).join(' and ');
  const condition = transition.guard === null ? '' : `, if ${words(transition.guard)}`;
  return `${transition.trigger.title || 'Without history'}: ${title(transition.source)} to ${targets}${condition}`;
}
