/** Moves records to another definition version, each by a step of its own. */

import { decide } from '../core/decide.js';
import type { Engine } from '../engine.js';
import { EngineError } from '../errors.js';
import type { Command } from '../types.js';
import { type EngineContext, readableRecord, resultOf, viewFor } from './context.js';
import { createLookups } from './lookups.js';

const MIGRATORS = ['administrator', 'process-owner'];

export function migrationVerbs(context: EngineContext): Pick<Engine, 'migrate'> {
  return {
    async migrate({ record, actor, to, dryRun }) {
      if (!actor.roles.some((role) => MIGRATORS.includes(role)) || actor.roles.includes('auditor'))
        throw new EngineError('ROLE_REFUSED', { event: 'migrated', needed: MIGRATORS });
      const { row, program } = await readableRecord(context, record, actor);
      const target = to ?? context.library.activation(row.record.process).hash;
      const next = await context.library.load(target);
      if (next.key !== program.key) throw new EngineError('VERSION_NOT_FOUND', { process: program.key, version: target });
      const at = context.clock.now();
      const command: Command = {
        kind: 'event',
        record: row.record.id,
        type: 'migrated',
        data: { from: row.record.definition, to: target },
        actor,
        origin: 'person',
        internal: true,
        at,
        recordedAt: at,
      };
      if (target === row.record.definition)
        throw new EngineError('DATA_INVALID', { fields: [{ field: 'to', message: 'The record is on this version already.' }] });
      if (!dryRun) return resultOf(context, await context.steps.run(command), actor);
      const lookups = createLookups(context.directory, context.store.records, row.record.id);
      const decision = decide(next, row.record, command, { environment: context.library.environment(next), lookups, number: row.record.number });
      return {
        record: viewFor(context, decision.record, { program: next, actor }),
        entry: { sequence: decision.record.version, hash: '', at, event: 'migrated' },
        created: [],
        replayed: false,
      };
    },
  };
}
