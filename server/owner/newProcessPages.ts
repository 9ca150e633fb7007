/** A new process begins as a draft of the least that is useful. */
import { field } from '../forms/fieldView.js';
import type { Visit } from '../web/visit.js';
import { draftOf, publishedOrNull } from './drafts.js';
import { newProcess } from './processFiles.js';

const KEY = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/u;

export async function askNewProcess(visit: Visit): Promise<void> {
  return render(visit, { title: null, key: null });
}

async function render(visit: Visit, errors: { readonly title: string | null; readonly key: string | null }): Promise<void> {
  const { form } = visit;
  await visit.page({
    view: 'owner/new',
    title: 'New process',
    current: '/owner',
    width: 'narrow',
    status: errors.title === null && errors.key === null ? 200 : 422,
    model: {
      crumbs: [{ href: '/owner', title: 'Process design' }],
      fields: [
        field({
          name: 'title',
          title: 'Title',
          hint: 'What one record of it is called.',
          required: true,
          maxlength: 80,
          value: form.text('title'),
          error: errors.title,
        }),
        field({
          name: 'key',
          title: 'Key',
          hint: 'Small letters, digits and dashes; it stands in addresses and rules and never changes.',
          required: true,
          maxlength: 40,
          value: form.text('key'),
          error: errors.key,
        }),
      ],
    },
  });
}

export async function createProcess(visit: Visit): Promise<void> {
  const title = visit.form.text('title').trim();
  const key = visit.form.text('key').trim();
  const errors = {
    title: title === '' || title.length > 80 ? 'Give a title of at most 80 characters.' : null,
    key:
      KEY.test(key) && key.length <= 40 && key !== 'new' ? await taken(visit, key) : 'Begin with a small letter; then small letters, digits and single dashes.',
  };
  if (errors.title !== null || errors.key !== null) return render(visit, errors);
  await visit.services.engine.saveDraft(key, newProcess({ key, title }), visit.actor);
  visit.redirect(`/processes/${key}/edit`, { tone: 'good', text: `${title} is begun as your draft. Nothing is published yet.` });
}

async function taken(visit: Visit, key: string): Promise<string | null> {
  if (await publishedOrNull(visit, key)) return 'There is such a process already.';
  return (await draftOf(visit, key)) ? 'You have a draft of this name already.' : null;
}
