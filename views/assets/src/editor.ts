/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/**
 * Makes the textarea of the process editor a real one. Without this script the page works with the textarea alone.
 * CodeMirror lives in a shadow root: there it brings its styles as constructed sheets, which the content security policy allows,
 * while style elements in the document are refused.
 */

import { createChecker } from './editor/checker.js';
import { createEditor } from './editor/codeEditor.js';
import { showPreview } from './editor/preview.js';
import { showProblems } from './editor/problemList.js';

const page = document.getElementById('editor-page');
const form = document.getElementById('editor-form');
const area = document.getElementById('text');
const host = document.getElementById('editor');

if (page && host && form instanceof HTMLFormElement && area instanceof HTMLTextAreaElement) begin(page, host, form, area);

function begin(frame: HTMLElement, place: HTMLElement, sent: HTMLFormElement, plain: HTMLTextAreaElement): void {
  const { key = '', file = '', schema = '' } = frame.dataset;
  const checker = createChecker(sent, `/processes/${encodeURIComponent(key)}/check`);
  const editor = createEditor({
    place,
    text: plain.value,
    label: `${file}, edited as JSON`,
    schema,
    check: async (text) => {
      plain.value = text;
      const answer = await checker.ask();
      if (answer === null) return [];
      showProblems(answer.problems, file, editor.jump);
      showPreview(answer.drawing);
      return answer.problems.filter((problem) => problem.file === file);
    },
    changed: (text) => {
      plain.value = text;
      checker.typed();
    },
  });
  place.classList.add('live');
  plain.hidden = true;
  plain.tabIndex = -1;
  for (const label of frame.querySelectorAll('label[for="text"]')) label.addEventListener('click', () => editor.focus());
  sent.addEventListener('submit', () => checker.leaving());
}
