/** Names that people choose: which may be used, and what to say of one that is not known. */

import type { Model } from '../model.js';
import type { ProblemCode } from '../problems.js';
import type { Report } from '../report.js';
import { suggestion } from '../suggest.js';

const simpleName = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;

/** Whether every object inherits a member of this name; XState and JSON-logic take such names for something that is there. */
export function isInherited(name: string): boolean {
  return name in Object.prototype || name === 'prototype';
}

/** Reports a name that can not be used. */
export function checkName(name: string, what: string, { file, pointer, report }: { file: string; pointer: string; report: Report }): void {
  if (isInherited(name)) report.add('NAME_INVALID', { file, pointer, what: 'key' }, { name, what, reason: ': every object inherits it' });
  else if (!simpleName.test(name)) report.add('NAME_INVALID', { file, pointer, what: 'key' }, { name: JSON.stringify(name), what, reason: '' });
}

/** What may be named, and the problem when it is not. */
export interface Known {
  has(name: string): boolean;
  keys(): Iterable<string>;
}

/** Reports a reference to something that is not there, under the code and with the fact `fact` holding the name. */
export function checkKnown(
  name: string,
  known: Known,
  report: Report,
  { code, fact, file, pointer }: { code: ProblemCode; fact: string; file: string; pointer: string },
): boolean {
  if (known.has(name)) return true;
  report.add(code, { file, pointer }, { [fact]: name === '' ? '""' : name, suggestion: suggestion(name, known.keys()) });
  return false;
}

/** Own keys of an object as something that may be named. */
export function ownKeys(object: object | undefined): ReadonlySet<string> {
  return new Set(Object.keys(object ?? {}));
}

/** Keys of this process and of all others. */
export function knownProcesses({ around, key }: Model): ReadonlySet<string> {
  return new Set([...around.processes.keys(), key]);
}

/**
 * Doubts a process that is not there. It is no error: of processes that name each other one must be published first, and until
 * the other is there nothing of it can be named, linked or made.
 */
export function checkComing(
  process: string,
  { file, pointer }: { file: string; pointer: string },
  { model, report }: { model: Model; report: Report },
): boolean {
  return checkKnown(process, knownProcesses(model), report, { code: 'PROCESS_NOT_YET', fact: 'process', file, pointer });
}
