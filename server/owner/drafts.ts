/** What an owner has written but not published: a draft per person and process, which need not even parse. */
import { createHash } from 'node:crypto';
import { type DefinitionView, EngineError } from '../../engine/index.js';
import type { Visit } from '../web/visit.js';
import { FILES, type Texts, textsOf } from './processFiles.js';

export interface Draft {
  readonly texts: Texts;
  readonly updatedAt: number;
}

export interface Workbench {
  readonly key: string;
  /** The published version; null for a process that is not published yet. */
  readonly current: DefinitionView | null;
  readonly draft: Draft | null;
  /** What stands in the editor: the draft, else the published files. */
  readonly texts: Texts;
}

/** @throws EngineError PROCESS_NOT_FOUND when there is neither such a process nor a draft of this person for one. */
export async function openWorkbench(visit: Visit): Promise<Workbench> {
  const key = visit.param('key');
  const [current, draft] = await Promise.all([publishedOrNull(visit, key), draftOf(visit, key)]);
  if (!current && !draft) throw new EngineError('PROCESS_NOT_FOUND', { process: key });
  const texts = draft?.texts ?? (current ? textsOf(current.files) : {});
  return { key, current, draft, texts: inOrder(texts) };
}

export async function publishedOrNull(visit: Visit, key: string): Promise<DefinitionView | null> {
  try {
    return await visit.services.engine.definition(key, visit.actor);
  } catch (error) {
    if (error instanceof EngineError && error.code === 'PROCESS_NOT_FOUND') return null;
    throw error;
  }
}

export async function draftOf(visit: Visit, key: string): Promise<Draft | null> {
  const rows = await visit.services.engine.drafts(visit.actor);
  const row = rows.find((each) => each.process === key && each.owner === visit.actor.id);
  return row ? { texts: readTexts(row.text), updatedAt: row.updatedAt } : null;
}

/** The file as the form has it; null when it names none. */
export function edited({ form }: Visit): { readonly file: string; readonly text: string } | null {
  const file = form.text('file');
  return FILES.some(({ name }) => name === file) && form.has('text') ? { file, text: form.text('text') } : null;
}

/** Names a text, so that a page that was only looked at can be told from one that was edited. */
export const baseOf = (text: string): string => createHash('sha256').update(text).digest('base64url');

/**
 * Puts the form's file into the draft and keeps it. Answers with what the draft holds from now on. A text that is still as the page brought it is no
 * edit: kept, it would undo what was kept elsewhere since.
 */
export async function keepEdit(visit: Visit, bench: Workbench): Promise<Texts> {
  const edit = edited(visit);
  if (!edit || visit.form.text('base') === baseOf(edit.text)) return bench.texts;
  const texts = inOrder({ ...bench.texts, [edit.file]: edit.text });
  if (edit.text !== bench.texts[edit.file]) await visit.services.engine.saveDraft(bench.key, texts, visit.actor);
  return texts;
}

function readTexts(text: string): Texts {
  const parsed = JSON.parse(text) as { readonly [file: string]: unknown };
  return Object.fromEntries(Object.entries(parsed).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

export function inOrder(texts: Texts): Texts {
  return Object.fromEntries(FILES.flatMap(({ name }) => (texts[name] === undefined ? [] : [[name, texts[name]]])));
}
