/** What sets a transition off, and how people call it. */
import type { ProcessFiles, TransitionSpec } from '../../../engine/index.js';
import { delayWords } from './delayWords.js';
import { capital, humanise, uncapital } from './words.js';

/** `event`: a person or program sends it. The others come from the engine. `default`: a history state's way out when there is no history. */
export type TriggerKind = 'event' | 'after' | 'always' | 'done' | 'clock' | 'approval' | 'comment' | 'signal' | 'internal' | 'default';

export interface Trigger {
  readonly kind: TriggerKind;
  /** As the chart and history have it: event type, or the delay's name. */
  readonly event: string;
  readonly title: string;
}

export function triggerOf(kind: TriggerKind | null, name: string, spec: TransitionSpec, files: Partial<ProcessFiles>): Trigger {
  const own = typeof spec.meta?.title === 'string' ? spec.meta.title : null;
  const actual = kind ?? eventKind(name);
  const given = titleOf(actual, name, files);
  return { kind: actual, event: name, title: own === null ? capital(given) : actual === 'after' ? `${own}, ${given}` : own };
}

/** True for what happens without anybody doing it now. */
export function isTimed(kind: TriggerKind): boolean {
  return kind === 'after' || kind === 'clock';
}

function eventKind(name: string): TriggerKind {
  if (!name.includes('.')) return 'event';
  if (name.startsWith('clock.')) return 'clock';
  if (name.startsWith('approval.')) return 'approval';
  if (name === 'record.comment') return 'comment';
  return name.startsWith('record.') || name.startsWith('xstate.') ? 'internal' : 'signal';
}

function titleOf(kind: TriggerKind, name: string, files: Partial<ProcessFiles>): string {
  const [, middle = '', last = ''] = name.split('.');
  const process = files['process.json'];
  switch (kind) {
    case 'after':
      return delayWords(files['rules.json']?.delays?.[name], name, files['rules.json']?.descriptions?.[name]);
    case 'always':
      return 'at once';
    case 'done':
      return 'when all is done';
    case 'clock':
      return `${process?.clocks?.[middle]?.title ?? humanise(middle)}: ${last === 'breached' ? 'target missed' : uncapital(humanise(last))}`;
    case 'approval':
      return `${process?.approvals?.[middle]?.title ?? humanise(middle)}: ${uncapital(humanise(last))}`;
    case 'comment':
      return 'a comment is written';
    case 'signal':
      return `${humanise(name.split('.')[0] ?? '')}: ${uncapital(humanise(name.split('.').slice(1).join(' ')))}`;
    default:
      return name === 'record.measured' ? 'figures are measured' : humanise(name);
  }
}
