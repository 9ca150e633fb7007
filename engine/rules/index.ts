/** Rules: JSON-logic evaluated within a budget, checked before it ever runs, explained in sentences. The only door of this folder. */
export { limits as ruleLimits } from './budget.js';
export { businessBetween, businessPlus, type Calendar, compileCalendar, isOpen } from './calendar.js';
export { checkCalendar } from './calendarFile.js';
export { checkDelay, checkRule } from './check.js';
export { checkList, checkTable } from './checkTable.js';
export { type CompiledDelay, compileDelay } from './delay.js';
export { describeRule } from './describe.js';
export { addDuration, type Duration, durationMs, formatDuration, parseDuration, subtractDuration } from './durations.js';
export { compileRule, readsOf } from './evaluate.js';
export { formatDate, formatInstant, parseInstant } from './instants.js';
export type { Operator } from './operatorKinds.js';
export { isRule, operators } from './operators.js';
export { ruleProblems } from './problems.js';
export { statePaths } from './statePaths.js';
export type { CheckOptions, ClockFacts, CompiledRule, Names, RuleEnvironment, RuleFacts, RuleProblem, Severity, Titles, VoteFacts } from './types.js';
export { durationWords, spanWords } from './words.js';
