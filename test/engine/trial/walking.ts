/** Somebody walking through a process, and where he has been. */
import type { Program } from '../../../engine/core/program.js';
import type { ReferenceFile } from '../../../engine/definitions/authored.js';
import type { Simulation } from '../../../engine/trial/index.js';
import type { Actor, RecordState } from '../../../engine/types.js';
import type { Twofold } from './plain.js';
import type { Around, Random } from './randomData.js';

export interface Walker {
  readonly program: Program;
  readonly twofold: Twofold;
  readonly reference: { readonly [name: string]: ReferenceFile };
  readonly random: Random;
  readonly actors: readonly Actor[];
  readonly around: Around;
  readonly taken: Set<string>;
  /** Where a walk stood when a transition was possible that none has taken. */
  readonly crossroads: Map<string, Crossroad>;
  steps: number;
  refused: number;
}

export interface Crossroad {
  readonly simulation: Simulation;
  readonly chain: Chain;
}

/** A walk's chain: head and state after the last sealed entry. */
export interface Chain {
  head: string;
  state: RecordState | null;
  /** The same life, its chart moved by XState as it comes, and never stored on the way. */
  plain: Simulation;
}
