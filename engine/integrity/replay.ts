/** Deciding a recorded step again: the same facts must give the same entry and lead to the same record. */
import { decide } from '../core/decide.js';
import type { Decision } from '../core/decision.js';
import { ENGINE_VERSION, freshSalt, sealEntry } from '../core/entry.js';
import { recalledFacts } from '../core/factBook.js';
import type { Program } from '../core/program.js';
import { sameJson } from '../core/step.js';
import { EngineError } from '../errors.js';
import type { RuleEnvironment } from '../rules/index.js';
import type { OpenedEntry } from '../runtime/views.js';
import type { StoredEntry } from '../store/types.js';
import type { Command, Json, RecordState } from '../types.js';

export type Replayed =
  | { readonly outcome: 'same'; readonly state: RecordState; readonly decision: Decision }
  /** Decided differently; a warning where the engine or the time-zone data was another then. */
  | { readonly outcome: 'different'; readonly message: string; readonly warning: boolean };

export interface ReplayWith {
  readonly program: Program;
  readonly environment: RuleEnvironment;
  readonly timeZones: string;
}

/** Decides an entry's command again on the state before it. */
export function replayEntry(before: RecordState | null, stored: StoredEntry, opened: OpenedEntry, world: ReplayWith): Replayed {
  const { text } = opened;
  const warning = text.engine !== ENGINE_VERSION || text.zones !== world.timeZones;
  const command = commandOf(opened);
  try {
    const decision = decide(world.program, before, command, { environment: world.environment, lookups: recalledFacts(opened.facts), number: text.number });
    const salt = (path: string) => opened.values[path]?.[0] ?? freshSalt();
    const sealed = sealEntry(decision, { command, reference: text.reference, timeZones: text.zones, previousHash: text.previous, salt });
    const again = text.engine === ENGINE_VERSION ? sealed.text : sealed.text.replace(`"engine":"${ENGINE_VERSION}"`, `"engine":"${text.engine}"`);
    if (again !== stored.text)
      return {
        outcome: 'different',
        message: `Decided again, the step comes out differently: ${firstDifference(JSON.parse(stored.text) as Json, JSON.parse(again) as Json)}.`,
        warning,
      };
    return { outcome: 'same', state: { ...decision.record, head: stored.hash }, decision };
  } catch (error) {
    const reason = error instanceof EngineError ? `${error.code} ${JSON.stringify(error.facts)}` : String(error);
    return { outcome: 'different', message: `Decided again, the step is refused: ${reason}.`, warning };
  }
}

function commandOf({ text, data }: OpenedEntry): Command {
  const created = text.event === 'record.created';
  return {
    kind: created ? 'create' : 'event',
    ...(created ? { process: text.process } : {}),
    record: text.record,
    type: text.type,
    data,
    actor: text.actor,
    ...(text.behalf === null ? {} : { onBehalfOf: text.behalf }),
    origin: text.origin,
    internal: text.internal,
    ...(text.timer === null ? {} : { timer: text.timer }),
    ...(text.trail.length === 0 ? {} : { trail: text.trail }),
    at: text.at,
    recordedAt: text.recordedAt,
  };
}

/** The first part in which a stored record differs from the replayed one; null when they are the same. */
export function differenceOf(stored: RecordState, replayed: RecordState): string | null {
  const left = stored as unknown as Record<string, Json>;
  const right = replayed as unknown as Record<string, Json>;
  const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])];
  return keys.find((key) => !sameJson(left[key] ?? null, right[key] ?? null)) ?? null;
}

function firstDifference(stored: Json, again: Json, path = ''): string {
  if (typeof stored !== 'object' || typeof again !== 'object' || stored === null || again === null) return path || 'the whole entry';
  const left = stored as Record<string, Json>;
  const right = again as Record<string, Json>;
  const key = [...new Set([...Object.keys(left), ...Object.keys(right)])].find((name) => !sameJson(left[name] ?? null, right[name] ?? null));
  return key === undefined ? path : firstDifference(left[key] ?? null, right[key] ?? null, `${path}/${key}`);
}
