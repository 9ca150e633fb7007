/** One check: looks at a process and reports what it finds. */
import type { Model } from '../model.js';
import type { Report } from '../report.js';

export interface CheckContext {
  /** Files that are there but could not be read; nothing is said of what refers into them. */
  readonly unreadable: ReadonlySet<string>;
}

export type Check = (model: Model, report: Report, context: CheckContext) => void;
