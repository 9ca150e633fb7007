/** What must be true after every step of a walk. */
import { freshSalt, sealEntry } from '../../../engine/core/entry.js';
import type { Program } from '../../../engine/core/program.js';
import { walkStates } from '../../../engine/definitions/index.js';
import { differenceOf, replayEntry } from '../../../engine/integrity/replay.js';
import { openEntry } from '../../../engine/runtime/views.js';
import { invariantBroken, type Simulation } from '../../../engine/trial/index.js';
import type { RecordState, Timer } from '../../../engine/types.js';
import type { Chain, Walker } from './walking.js';

/** Seals the entry onto the walk's chain and decides it again from what was sealed. */
export function sealAndReplay({ program }: Walker, { chain, simulation, index }: { chain: Chain; simulation: Simulation; index: number }): void {
  const [decision, command] = [simulation.last[index], simulation.commands[index]];
  if (!decision || !command) throw new Error('a decision without its command');
  const previousHash = chain.head;
  const sealed = sealEntry(decision, { command, reference: '', timeZones: 'tz', previousHash, salt: freshSalt });
  const { record, entry } = decision;
  const stored = {
    record: record.id,
    sequence: record.version,
    at: command.at,
    recordedAt: command.recordedAt,
    actor: command.actor.id,
    onBehalfOf: null,
    origin: command.origin,
    event: entry.event,
    process: record.process,
    definition: record.definition,
    reference: '',
    ...sealed,
    previousHash,
  };
  const replayed = replayEntry(chain.state, stored, openEntry(stored), { program, environment: simulation.environment, timeZones: 'tz' });
  if (replayed.outcome !== 'same') throw new Error(`${program.key} ${entry.event}: ${replayed.message}`);
  const state: RecordState = { ...record, head: sealed.hash };
  must(
    JSON.stringify(replayed.state) === JSON.stringify(state),
    () => `${program.key} ${entry.event}: ${differenceOf(state, replayed.state)} is another after replay`,
  );
  chain.head = sealed.hash;
  chain.state = JSON.parse(JSON.stringify(replayed.state)) as RecordState;
}

export function holds({ program }: Walker, simulation: Simulation, says: (what: string) => () => string): void {
  const { record, timers } = simulation;
  if (!record) return;
  const paths = program.kernel.paths(record);
  const known = pathsOf(program);
  must(JSON.stringify(simulation.paths) === JSON.stringify(paths) && paths.every((path) => known.has(path)), says(`the paths ${paths.join(', ')}`));
  const active = new Set(['', ...paths]);
  for (const id of Object.keys(record.armed)) must(active.has(program.kernel.after(id)?.path ?? 'none'), says(`${id} is armed outside its state`));
  for (const timer of timers) must(Number.isSafeInteger(timer.dueAt) && belongs(timer, record), says(`the timer ${timer.key} has nothing to belong to`));
  for (const [name, approval] of Object.entries(record.approvals))
    must(approval.status !== 'open' || active.has(program.approvals.get(name)?.spec.state ?? 'none'), says(`the approval ${name} is open outside its state`));
  const ticking = Object.values(record.clocks).some((clock) => clock.status === 'running' || clock.status === 'paused');
  must(record.status === 'active' || (timers.length === 0 && Object.keys(record.armed).length === 0 && !ticking), says('finished, yet something goes on'));
  must(!Object.values(record.data).includes(null), says('an emptied field is still there'));
  const broken = invariantBroken(program, simulation);
  must(broken === null, says(broken ?? ''));
}

function belongs(timer: Timer, record: RecordState): boolean {
  if (timer.kind === 'after') return Object.hasOwn(record.armed, timer.key);
  if (timer.kind === 'raise') return Object.hasOwn(record.raised, timer.key.slice('raise.'.length));
  return record.clocks[String(timer.data?.clock)]?.status === 'running';
}

const knownPaths = new WeakMap<Program, ReadonlySet<string>>();

function pathsOf(program: Program): ReadonlySet<string> {
  const known = knownPaths.get(program) ?? new Set<string>();
  if (known.size === 0) walkStates(program.files['statechart.json'], (path) => void (known as Set<string>).add(path));
  knownPaths.set(program, known);
  return known;
}

export function must(holds: boolean, says: () => string): void {
  if (!holds) throw new Error(says());
}
