import { type DelaySpec, describeRule, type Json, type Rule } from '../../../engine/index.js';
import { isObject } from '../drawing/chart.js';
import { durationWords, millisecondWords } from '../drawing/delayWords.js';
import { humanise, listed, uncapital } from '../drawing/words.js';
import type { Naming } from './titles.js';

/** A guard, check or other named rule: its author's sentence, and the rule itself in words. */
export interface RuleStory {
  readonly sentence: string;
  /** The rule as written, in words; null where the sentence is just that. */
  readonly detail: string | null;
}

export function ruleStory(name: string, rule: Rule | undefined, naming: Naming): RuleStory {
  const described = naming.view.files['rules.json']?.descriptions?.[name];
  const words = rule === undefined ? null : ruleWords(rule, naming);
  const sentence = described?.trim().replace(/\.$/, '') ?? words ?? humanise(name);
  return { sentence, detail: described === undefined || words === null ? null : words };
}

/** A condition in words, with a small first letter. */
export function conditionOf(rule: Rule, naming: Naming): string {
  return uncapital(ruleWords(rule, naming));
}

/** The engine's words for a rule, with states by their titles instead of their paths. */
function ruleWords(rule: Rule, naming: Naming): string {
  return describeRule(rule, naming.titles).replace(/\bstate is (not )?([\w-]+(?:\.[\w-]+)*)/gi, (all: string, not: string | undefined, path: string) =>
    naming.chart.states.has(path) ? `${all.startsWith('S') ? 'It' : 'it'} is ${not ?? ''}in “${naming.chart.states.get(path)?.title}”` : all,
  );
}

/** A rule or literal as a value within a sentence. */
export function phraseOf(value: Json | undefined, naming: Naming): string {
  if (value === undefined || value === null) return 'nothing';
  // `describeRule` tells conditions; a comparison's left side is how it tells a value.
  if (isObject(value) && Array.isArray(value.table)) return tableWords(value.table, naming);
  if (typeof value === 'object' && !Array.isArray(value)) return uncapital(describeRule({ '===': [value, true] }, naming.titles)).replace(/ is yes$/, '');
  if (typeof value === 'string') return durationWords(value) ?? (value === '' ? 'nothing' : `“${value}”`);
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value);
}

function tableWords([name, ...inputs]: readonly Json[], naming: Naming): string {
  const given = inputs.map((input) => (typeof input === 'string' ? humanise(input).toLowerCase() : phraseOf(input, naming)));
  return `what the table “${humanise(String(name))}” says for ${listed(given)}`;
}

/** How long a target is. */
export function targetWords(spec: DelaySpec, naming: Naming): string {
  if (typeof spec === 'number') return millisecondWords(spec);
  if (typeof spec === 'string') return durationWords(spec) ?? spec;
  if ('business' in spec)
    return `${phraseOf(spec.business, naming)}, counted in the working time of ${typeof spec.calendar === 'string' ? `“${humanise(spec.calendar)}”` : `the calendar that is ${phraseOf(spec.calendar, naming)}`}`;
  return 'until' in spec ? `until ${phraseOf(spec.until, naming)}` : phraseOf(spec.rule, naming);
}
