/** Rules: JSON-logic evaluated within a budget, checked before it ever runs, explained in sentences. The only door of this folder. */
export { businessBetween, businessPlus, type Calendar, compileCalendar, isOpen } from './calendar.js';
export { checkCalendar } from './calendarFile.js';
export { checkDelay, checkRule } from './check.js';
export { checkList, checkTable } from './checkTable.js';
export { type CompiledDelay, compileDelay } from './delay.js';
export { describeRule } from './describe.js';
export { addDuration, durationMs, formatDuration, parseDuration } from './durations.js';
export { compileRule, readsOf } from './evaluate.js';
export { formatInstant, parseInstant } from './instants.js';
export { isRule, operators } from './operators.js';
export { ruleProblems } from './problems.js';
export { timingRules } from './spent.js';
export type { CheckOptions, CompiledRule, Names, RuleEnvironment, RuleFacts, RuleProblem } from './types.js';
export { durationWords } from './words.js';
