/** The editor: one file at a time, kept as a draft with every press of a button, checked on request or while typing. */
import type { Visit } from '../web/visit.js';
import { baseOf, edited, inOrder, keepEdit, openWorkbench, type Workbench } from './drafts.js';
import { drawTexts } from './draftView.js';
import { errorsIn, problemViews } from './problemView.js';
import { FILES, isFileName, type Texts, templateOf } from './processFiles.js';
import { frame, titleOf } from './processFrame.js';

export async function showEditor(visit: Visit): Promise<void> {
  const bench = await openWorkbench(visit);
  const names = Object.keys(bench.texts);
  const asked = visit.query('file');
  const file = asked !== null && names.includes(asked) ? asked : (names[0] ?? 'statechart.json');
  const checked = visit.query('check') !== null;
  const problems = checked ? problemViews((await visit.services.engine.check(bench.key, bench.texts)).problems) : [];
  const title = titleOf(bench.current, bench.key);
  await visit.page({
    view: 'owner/edit',
    title: `Edit ${title}`,
    current: '/owner',
    width: 'wide',
    scripts: ['editor.js'],
    model: {
      ...frame(visit, { key: bench.key, title, published: bench.current !== null }, 'edit'),
      file,
      text: bench.texts[file] ?? '',
      base: baseOf(bench.texts[file] ?? ''),
      schema: file === 'messages.json' ? '/schemas/messages.json' : `/schemas/${file}`,
      purpose: FILES.find(({ name }) => name === file)?.purpose ?? '',
      files: names.map((name) => ({ name, current: name === file, problems: problems.filter((problem) => problem.file === name).length })),
      missing: FILES.filter(({ name }) => !names.includes(name)),
      removable: file !== 'statechart.json',
      checked,
      problems,
      errors: errorsIn(problems),
      drawing: await drawTexts(bench.texts, `Statechart of ${title} as drafted`),
      draftAt: bench.draft?.updatedAt ?? null,
      published: bench.current !== null,
    },
  });
}

/** Keeps what was typed first, whatever else the pressed button wants. */
export async function saveEdit(visit: Visit): Promise<void> {
  const { form } = visit;
  const bench = await openWorkbench(visit);
  const texts = await keepEdit(visit, bench);
  const base = `/processes/${bench.key}`;
  const file = isFileName(form.text('file')) ? form.text('file') : 'statechart.json';
  if (form.has('add')) return addFile(visit, bench, texts);
  if (form.has('remove')) return removeFile(visit, bench, texts);
  if (form.has('open')) return visit.redirect(`${base}/edit?file=${encodeURIComponent(form.text('open'))}`);
  const action = form.text('action');
  if (action === 'publish') return visit.redirect(`${base}/publish`);
  if (action === 'scenarios') return visit.redirect(`${base}/scenarios?draft=1`);
  if (action === 'check') return visit.redirect(`${base}/edit?file=${encodeURIComponent(file)}&check=1#problems`);
  visit.redirect(`${base}/edit?file=${encodeURIComponent(file)}`, { tone: 'good', text: 'Kept as your draft. Nothing is published yet.' });
}

async function addFile(visit: Visit, bench: Workbench, texts: Texts): Promise<void> {
  const name = visit.form.text('add');
  if (isFileName(name) && texts[name] === undefined) {
    const template = templateOf(name, { key: bench.key, title: titleOf(bench.current, bench.key) });
    await visit.services.engine.saveDraft(bench.key, inOrder({ ...texts, [name]: template }), visit.actor);
  }
  visit.redirect(`/processes/${bench.key}/edit?file=${encodeURIComponent(name)}`);
}

async function removeFile(visit: Visit, bench: Workbench, texts: Texts): Promise<void> {
  const name = visit.form.text('remove');
  if (name !== 'statechart.json' && texts[name] !== undefined) {
    const { [name]: _gone, ...rest } = texts;
    await visit.services.engine.saveDraft(bench.key, rest, visit.actor);
  }
  visit.redirect(`/processes/${bench.key}/edit`, { tone: 'info', text: `${name} is taken out of your draft.` });
}

/** What the editor's script asks while someone types: keeps the draft, checks what he sees, draws it. Answers in JSON. */
export async function checkDraft(visit: Visit): Promise<void> {
  const bench = await openWorkbench(visit);
  const kept = await keepEdit(visit, bench);
  const edit = edited(visit);
  const texts = edit ? inOrder({ ...kept, [edit.file]: edit.text }) : kept;
  const report = await visit.services.engine.check(bench.key, texts);
  const title = titleOf(bench.current, bench.key);
  const drawing = await drawTexts(texts, `Statechart of ${title} as drafted`);
  visit.response.setHeader('Cache-Control', 'no-store');
  visit.response.json({ problems: problemViews(report.problems), drawing, base: baseOf(edit?.text ?? '') });
}

export async function dropDraft(visit: Visit): Promise<void> {
  const bench = await openWorkbench(visit);
  await visit.services.engine.dropDraft(bench.key, visit.actor);
  visit.redirect(bench.current ? `/processes/${bench.key}` : '/owner', {
    tone: 'info',
    text: 'Your draft is thrown away. What is published is as it was.',
  });
}
