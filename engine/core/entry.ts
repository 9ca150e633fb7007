/**
 * Sealing a history entry: values become salted commitments, the text is canonical and hashed with the entry before it.
 * Commitments are SHA-256 over a 16-byte salt and the value's JSON, so that erasing a value leaves the chain intact.
 */
import { hash, randomFillSync } from 'node:crypto';
import type { Json, JsonObject } from '../definitions/authored.js';
import type { Command, Effect } from '../types.js';
import type { Decision } from './decision.js';

/** The engine's own version of deciding; grows when the same facts would be decided differently. */
export const ENGINE_VERSION = '1';
export const GENESIS = '0'.repeat(64);

export interface SealedEntry {
  /** Canonical JSON; what `hash` was made over and what is stored. */
  readonly text: string;
  readonly hash: string;
  /** `{path: [salt, value]}` as JSON text. */
  readonly values: string;
}

export interface SealWith {
  readonly command: Command;
  readonly reference: string;
  readonly timeZones: string;
  readonly previousHash: string;
  /** Gives a fresh 16-byte salt as hex, or the one a path had when an entry is recomputed. */
  salt(path: string): string;
}

/** Seals a decision's entry. With the salts of an existing entry it reproduces that entry's text. */
export function sealEntry(decision: Decision, seal: SealWith): SealedEntry {
  const { entry, record } = decision;
  const { command } = seal;
  const values: string[] = [];
  const commit = (path: string, value: Json): string => {
    const salt = seal.salt(path);
    // The same JSON is hashed and kept.
    const json = JSON.stringify(value);
    values.push(`${JSON.stringify(path)}:["${salt}",${json}]`);
    return sha256(salt + json);
  };
  const commitAll = (prefix: string, source: JsonObject) => {
    const committed: Record<string, string> = {};
    for (const key of Object.keys(source)) committed[key] = commit(`${prefix}.${key}`, source[key] as Json);
    return committed;
  };
  // Keys stand in alphabetical order here and are written in this order: the text is canonical without sorting.
  const text = JSON.stringify({
    actor: { id: command.actor.id, roles: command.actor.roles, teams: command.actor.teams },
    at: command.at,
    behalf: command.onBehalfOf ?? null,
    changes: commitAll('c', entry.changes),
    data: commitAll('d', entry.data),
    definition: record.definition,
    effects: decision.effects.map((effect, index) => ({
      commitment: commit(`e.${index}`, effect as unknown as Json),
      name: effectName(effect),
      type: effect.type,
    })),
    engine: ENGINE_VERSION,
    event: entry.event,
    facts: commitAll('f', entry.facts),
    from: entry.from,
    internal: command.internal,
    links: decision.linkChanges.length,
    marks: entry.marks,
    number: record.number,
    origin: command.origin,
    previous: seal.previousHash,
    process: record.process,
    raised: entry.raised,
    record: record.id,
    recordedAt: command.recordedAt,
    reference: seal.reference,
    sequence: record.version,
    status: record.status,
    taken: entry.taken.map((transition) => [transition.event, transition.source, transition.targets]),
    timer: command.timer ?? null,
    to: entry.to,
    trail: command.trail ?? [],
    type: command.type,
    zones: seal.timeZones,
  });
  return { text, hash: sha256(text), values: `{${values.join(',')}}` };
}

/** What stands in the chain for a value. */
export function commitment(salt: string, value: Json): string {
  return sha256(`${salt}${JSON.stringify(value)}`);
}

export function sha256(text: string): string {
  return hash('sha256', text, 'hex');
}

const pool = Buffer.alloc(16_384);
let used = pool.length;

/** Sixteen random bytes as hex, drawn from the system generator in blocks. */
export function freshSalt(): string {
  if (used >= pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += 16;
  return pool.toString('hex', used - 16, used);
}

function effectName(effect: Effect): string {
  if (effect.type === 'notify') return effect.message;
  if (effect.type === 'measure') return effect.kpis.join(', ');
  return effect.type === 'webhook' ? effect.target : effect.event;
}
