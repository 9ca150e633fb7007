/** Names of events, in charts and wherever one is named. */

import type { Model } from '../model.js';
import { isEngineEvent } from '../normal.js';
import { joinPointer } from '../pointer.js';
import type { Report } from '../report.js';
import { suggestion } from '../suggest.js';
import { isInherited } from './names.js';

const eventName = /^[\p{L}_](?:[\p{L}\p{M}\p{N} _:-]{0,98}[\p{L}\p{M}\p{N}_-])?$/u;
const recordEvents = ['record.comment', 'record.attachment', 'record.link', 'record.unlink', 'record.measured'] as const;

export function checkEvents(model: Model, report: Report): void {
  for (const state of model.states) {
    for (const event of Object.keys(state.spec.on ?? {})) {
      checkEvent(event, model, { report, pointer: joinPointer(`${state.pointer}/on`, event) });
    }
  }
}

function checkEvent(event: string, model: Model, { report, pointer }: { report: Report; pointer: string }): void {
  const place = { file: 'statechart.json', pointer, what: 'key' } as const;
  if (event.includes('*')) report.add('EVENT_WILDCARD', place, { event });
  else if (isInherited(event)) report.add('EVENT_NAME', place, { event, reason: ': every object inherits it' });
  else if (isEngineEvent(event)) {
    if (isKnownEngineEvent(event, model)) return;
    const process = senderOf(event);
    if (process === null) report.add('EVENT_ENGINE', place, { event, suggestion: suggestion(event, engineEvents(model)) });
    else report.add('SIGNAL_SENDER_UNKNOWN', place, { event, process, suggestion: suggestion(process, model.around.processes.keys()) });
  } else if (!eventName.test(event)) report.add('EVENT_NAME', place, { event: JSON.stringify(event), reason: '' });
}

/** First words of the engine's own events; no process of such a name could be told from the engine. */
const reserved: ReadonlySet<string> = new Set(['after', 'approval', 'charter', 'clock', 'done', 'error', 'record', 'xstate']);

/** The process that a signal's name speaks of, whether it is there or not yet; null for what no signal could be called. */
function senderOf(event: string): string | null {
  const [process = '', signal = '', more] = event.split('.');
  if (more !== undefined || reserved.has(process) || !/^[a-z][a-z0-9-]{0,63}$/.test(process) || !eventName.test(signal)) return null;
  return process;
}

/** Whether the engine may send this process such an event: a clock's, an approval's, a record's own, another process's signal. */
export function isKnownEngineEvent(event: string, model: Model): boolean {
  if (engineEvents(model).includes(event)) return true;
  const [process, signal, more] = event.split('.');
  if (process === undefined || signal === undefined || more !== undefined || !eventName.test(signal)) return false;
  return process !== 'record' && (model.around.processes.has(process) || process === model.key);
}

function engineEvents({ files }: Model): readonly string[] {
  const clocks = Object.keys(files['process.json']?.clocks ?? {}).flatMap((name) => [`clock.${name}.warning`, `clock.${name}.breached`]);
  const approvals = Object.keys(files['process.json']?.approvals ?? {}).flatMap((name) =>
    ['approved', 'refused', 'lapsed'].map((outcome) => `approval.${name}.${outcome}`),
  );
  return [...recordEvents, ...clocks, ...approvals];
}

/** Every event that a step of this process may have, for what names one without being a chart. */
export function nameableEvents(model: Model): ReadonlySet<string> {
  return new Set([...model.events, ...engineEvents(model)]);
}
