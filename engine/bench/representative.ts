/** The steps of one round as the engine lays them out for the store: what the raw driver is made to write. */
import { decide } from '../core/decide.js';
import { recalledFacts } from '../core/factBook.js';
import { compileProgram, createEnvironment } from '../core/program.js';
import { closeOver } from '../definitions/index.js';
import { toWrite } from '../runtime/writes.js';
import type { StepWrite } from '../store/types.js';
import type { Command, RecordState, Timer } from '../types.js';
import { creationData, eventData, ring, workload } from './workload.js';

const START = Date.UTC(2026, 2, 2, 9);
const RECORD = '01956000-0000-7000-8000-000000000000';

/** Six steps with their sealed entries, values, timers and effects. */
export function representativeSteps(): readonly StepWrite[] {
  const program = compileProgram(closeOver(workload.key, workload.files, workload.shared));
  const environment = createEnvironment(program.policy, workload.shared.reference);
  const actor = { id: 'agent', roles: ['agent'], teams: [] };
  let before: RecordState | null = null;
  let timers: readonly Timer[] = [];
  const step = (command: Command): StepWrite => {
    const decision = decide(program, before, command, { environment, lookups: recalledFacts({}), number: 'BEN-000001' });
    const written = toWrite(decision, {
      program,
      command,
      before,
      reference: '0'.repeat(64),
      timeZones: 'bench',
      timersBefore: timers,
      comment: null,
      attachment: null,
      childLinks: [],
    });
    before = written.state;
    timers = decision.timers;
    return written.step;
  };
  const command = (at: number) => ({ record: RECORD, actor, origin: 'person' as const, internal: false, at, recordedAt: at });
  step({ ...command(START), kind: 'create', process: workload.key, type: 'create', data: creationData(0) });
  return ring.map((type, index) => step({ ...command(START + (index + 1) * 60_000), kind: 'event', type, data: eventData(index) }));
}
