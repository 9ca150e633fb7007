/** What a draft changes against the published files: the smallest parts that differ, each with its place. */
import type { Difference, Json, ProcessFiles } from '../../engine/index.js';
import { humanise } from '../presenters/drawing/words.js';
import { parseFiles } from './draftView.js';
import { FILES, type Texts } from './processFiles.js';

/** Texts that do not parse are left out: their problems say more than a difference could. */
export function draftDifference(before: Partial<ProcessFiles>, texts: Texts): Difference[] {
  const after = parseFiles(texts);
  return FILES.flatMap(({ name }) => {
    if (texts[name] !== undefined && after[name] === undefined) return [];
    return compare(withoutSchema(before[name] as Json | undefined), withoutSchema(after[name] as Json | undefined), { file: name, pointer: '' });
  });
}

interface Place {
  readonly file: string;
  readonly pointer: string;
}

function compare(before: Json | undefined, after: Json | undefined, place: Place): Difference[] {
  if (before === undefined && after === undefined) return [];
  if (isRecord(before) && isRecord(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.flatMap((key) =>
      compare(before[key], after[key], { ...place, pointer: `${place.pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}` }),
    );
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    return before.flatMap((each, index) => compare(each as Json, after[index] as Json, { ...place, pointer: `${place.pointer}/${index}` }));
  }
  if (before === after) return [];
  const kind = before === undefined ? 'added' : after === undefined ? 'removed' : 'changed';
  return [{ ...place, kind, before: before ?? null, after: after ?? null, sentence: sentence(place, kind) }];
}

function sentence({ file, pointer }: Place, kind: string): string {
  const steps = pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .filter((step) => !['states', 'on', 'properties', 'meta'].includes(step));
  const place = steps.length === 0 ? file : steps.map((step) => (/^[a-z]/.test(step) ? humanise(step) : step)).join(' › ');
  return `${place} was ${kind}.`;
}

function withoutSchema(content: Json | undefined): Json | undefined {
  if (!isRecord(content)) return content;
  const { $schema: _schema, ...rest } = content;
  return rest;
}

function isRecord(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
