/** The list of problems beneath the editor; those of the open file lead to their line. */
import type { Problem } from './problem.js';

export function showProblems(problems: readonly Problem[], file: string, jump: (line: number, column: number) => void): void {
  const panel = document.getElementById('problems');
  const list = document.getElementById('problem-list');
  const count = document.getElementById('problem-count');
  if (!panel || !list || !count) return;
  panel.hidden = false;
  count.textContent = problems.length === 0 ? 'none' : String(problems.length);
  markTabs(problems);
  if (problems.length === 0) {
    list.replaceChildren(element('p', 'panel-body', 'The checker finds nothing wrong.'));
    return;
  }
  const items = element('ul', 'problems', '');
  items.append(...problems.map((problem) => item(problem, problem.file === file ? jump : null)));
  list.replaceChildren(items);
}

function item(problem: Problem, jump: ((line: number, column: number) => void) | null): HTMLElement {
  const made = element('li', problem.severity, '');
  const text = element('div', '', '');
  text.append(
    element('span', 'visually-hidden', `${problem.severity}: `),
    `${problem.message} `,
    element('span', 'soft', problem.remedy),
    place(problem, jump),
  );
  made.append(icon(problem.severity), text);
  return made;
}

function place(problem: Problem, jump: ((line: number, column: number) => void) | null): HTMLElement {
  const where = element('div', 'where', jump ? '' : problem.where);
  if (jump) {
    const button = element('button', 'jump', problem.where) as HTMLButtonElement;
    button.type = 'button';
    button.addEventListener('click', () => jump(problem.line, problem.column));
    where.append(button);
  }
  return where;
}

/** The same icons as in pages drawn by the server: their sheet's address is taken from one that is there. */
function icon(name: string): SVGElement {
  const sheet = document.querySelector('.icon use')?.getAttribute('href')?.split('#')[0] ?? '';
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  use.setAttribute('href', `${sheet}#${name}`);
  svg.append(use);
  return svg;
}

function markTabs(problems: readonly Problem[]): void {
  for (const tab of document.querySelectorAll<HTMLButtonElement>('.file-tab[name="open"]')) {
    tab.querySelector('.file-problems')?.remove();
    const mine = problems.filter((problem) => problem.file === tab.value).length;
    if (mine === 0) continue;
    const mark = element('span', 'file-problems', String(mine));
    mark.append(element('span', 'visually-hidden', mine === 1 ? ' problem' : ' problems'));
    tab.append(' ', mark);
  }
}

function element(name: string, className: string, text: string): HTMLElement {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}
