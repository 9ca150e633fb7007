/** Definition and reference versions are named by the hash of their text: what they are called they must be. */

import { sha256 } from '../core/entry.js';
import type { VerifyProblem } from '../engine.js';
import type { EngineContext } from '../runtime/context.js';

/** Versions that the history names, as `definition <hash>` and `reference <hash>`. */
export async function sourceProblems({ store }: EngineContext, sources: ReadonlySet<string>): Promise<readonly VerifyProblem[]> {
  const problems: VerifyProblem[] = [];
  for (const source of [...sources].sort()) {
    const [kind, hash] = source.split(' ') as [string, string];
    if (hash === '') continue;
    const row = kind === 'definition' ? await store.definitions.definition(hash) : await store.definitions.referenceByHash(hash);
    const name = `${kind === 'definition' ? 'definition' : 'version of the reference rules'} ${hash.slice(0, 12)}`;
    if (!row) problems.push({ kind: 'definition', record: null, sequence: null, message: `The ${name}, by which steps were decided, is gone.` });
    else if (sha256(row.text) !== hash)
      problems.push({
        kind: 'definition',
        record: null,
        sequence: null,
        message: `The ${name} was altered: its text does not have the hash that is its name.`,
      });
  }
  return problems;
}
