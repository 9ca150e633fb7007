/** Every check of a process, in the order in which they look. */
import { checkActions } from './actions.js';
import { checkApprovals } from './approvals.js';
import type { Check } from './check.js';
import { checkDelays } from './delays.js';
import { checkDescriptions } from './descriptions.js';
import { checkEvents } from './events.js';
import { checkFigures } from './figures.js';
import { checkForm } from './form.js';
import { checkGuards } from './guards.js';
import { checkLoops } from './loops.js';
import { checkMessages } from './messages.js';
import { checkMigration } from './migration.js';
import { checkOrder } from './order.js';
import { checkProcessFile } from './process.js';
import { checkReachability } from './reachability.js';
import { checkRegions } from './regions.js';
import { checkRoles } from './roles.js';
import { checkRules } from './rules.js';
import { checkScenarios } from './scenarios.js';
import { checkStructure } from './structure.js';
import { checkTargets } from './targets.js';
import { checkTransitionForms } from './transitionForms.js';

export const checks: readonly Check[] = [
  checkStructure,
  checkTargets,
  checkEvents,
  checkGuards,
  checkDelays,
  checkOrder,
  checkReachability,
  checkRegions,
  checkLoops,
  checkTransitionForms,
  checkForm,
  checkDescriptions,
  checkRules,
  checkActions,
  checkMessages,
  checkRoles,
  checkProcessFile,
  checkFigures,
  checkApprovals,
  checkScenarios,
  checkMigration,
];
