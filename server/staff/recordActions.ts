/** The panel of what can be done with a record now. Short forms stand on the page itself; long ones have a page of their own. */
import type { RecordView, TransitionView } from '../../engine/index.js';
import { loadReferences, referencedProcess } from '../forms/references.js';
import { type ActionView, type ActionWords, openAction, type RefusedActionView, refusedAction } from '../presenters/actions.js';
import type { Visit } from '../web/visit.js';
import { drawFields } from './processForm.js';

/** More fields than this, or one that points at another record, make a page of their own. */
const INLINE = 3;

export interface RecordActions {
  readonly open: readonly ActionView[];
  readonly refused: readonly RefusedActionView[];
}

function isShort({ form }: TransitionView): boolean {
  return form.length <= INLINE && form.every(({ schema }) => referencedProcess(schema) === null && schema.type !== 'array' && schema.type !== 'object');
}

const rank = ({ emphasis }: TransitionView): number => (emphasis === 'primary' ? 0 : emphasis === 'danger' ? 2 : 1);

export function stepPath(record: RecordView, type: string): string {
  return `/record/${record.number}/step/${encodeURIComponent(type)}`;
}

export async function recordActions(visit: Visit, record: RecordView, transitions: readonly TransitionView[], words: ActionWords): Promise<RecordActions> {
  const open = transitions.filter(({ available }) => available).sort((a, b) => rank(a) - rank(b));
  const short = open.filter((transition) => transition.form.length > 0 && isShort(transition));
  const references = await loadReferences(
    visit,
    short.flatMap(({ form }) => form),
  );
  return {
    open: open.map((transition) => {
      const fields = isShort(transition) ? drawFields(visit, transition.form, { references, prefix: `${transition.type}-` }) : null;
      return openAction(transition, stepPath(record, transition.type), fields, words);
    }),
    refused: transitions.filter(({ available }) => !available).map((transition) => refusedAction(transition, words)),
  };
}
