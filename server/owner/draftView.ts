/** Enough of a definition to draw texts that may still be faulty. */
import { createHash } from 'node:crypto';
import type { ProcessFiles } from '../../engine/index.js';
import { drawStatechart } from '../presenters/drawing/drawStatechart.js';
import type { Texts } from './processFiles.js';

/** The drawing of what is being written; null while the statechart does not parse or holds nothing to draw. */
export async function drawTexts(texts: Texts, title: string): Promise<string | null> {
  const files = parseFiles(texts);
  if (files['statechart.json'] === undefined) return null;
  const hash = createHash('sha256')
    .update(JSON.stringify([texts['statechart.json'], texts['rules.json'], texts['process.json']]))
    .digest('hex');
  const svg = await drawStatechart({ files: files as ProcessFiles, hash: `draft-${hash}` }, { title }).catch(() => '');
  return svg === '' ? null : svg;
}

/** The files that parse to objects. */
export function parseFiles(texts: Texts): Partial<ProcessFiles> {
  const parsed = Object.entries(texts).flatMap(([name, text]) => {
    try {
      const content: unknown = JSON.parse(text);
      return typeof content === 'object' && content !== null && !Array.isArray(content) ? [[name, content]] : [];
    } catch {
      return [];
    }
  });
  return Object.fromEntries(parsed) as Partial<ProcessFiles>;
}
