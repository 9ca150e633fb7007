/** Links a step makes or removes: what is possible, and the counts that rules see. */
import { EngineError } from '../errors.js';
import type { Command, LinkChange } from '../types.js';
import { isOwnLink } from './facts.js';
import type { Program } from './program.js';
import type { StepContext } from './step.js';

/** Counts of links by name after this step's changes. @throws LINK_REFUSED */
export function linkedAfter(program: Program, step: StepContext, command: Command): Readonly<Record<string, number>> {
  const counts: Record<string, number> = { ...step.links };
  for (const { link } of step.children) if (link) counts[link] = (counts[link] ?? 0) + 1;
  for (const change of [...step.linkChanges]) {
    const outcome = linkOutcome(program, step, change, counts[change.name] ?? 0);
    if (typeof outcome === 'string') {
      if (command.type.startsWith('record.')) throw new EngineError('LINK_REFUSED', { link: change.name, to: change.to, reason: outcome });
      step.linkChanges.splice(step.linkChanges.indexOf(change), 1);
    } else {
      counts[change.name] = outcome;
    }
  }
  return counts;
}

/** The new count, or why the change is not possible. */
function linkOutcome(program: Program, step: StepContext, change: LinkChange, count: number): number | string {
  const links = program.process.links ?? {};
  const spec = Object.hasOwn(links, change.name) ? links[change.name] : undefined;
  if (!spec) return `the process declares no link “${change.name}”`;
  if (!isOwnLink(spec)) return 'it is seen from the other end; link there';
  const target = step.lookups.target(change.to);
  if (!target || (spec.to && !spec.to.includes(target.process))) return 'there is no such record that may be linked';
  const linked = step.lookups.linked(change.name, target.id);
  if (change.remove) return linked ? Math.max(0, count - 1) : 'the records are not linked';
  if (linked) return 'the records are linked already';
  return spec.many === false && count > 0 ? 'only one such link is possible' : count + 1;
}
