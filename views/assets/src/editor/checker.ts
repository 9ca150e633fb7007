/** Sends what is typed to the server, which keeps it as the draft and answers with problems and the drawing. */
import type { Problem } from './problem.js';

export interface Answer {
  readonly problems: readonly Problem[];
  readonly drawing: string | null;
}

export interface Checker {
  /** Null when a later question overtook this one, or the server could not be reached. */
  ask(): Promise<Answer | null>;
  typed(): void;
  leaving(): void;
}

export function createChecker(form: HTMLFormElement, address: string): Checker {
  const status = document.getElementById('editor-status');
  let unsaved = false;
  let asked = 0;
  const say = (text: string): void => {
    if (status && status.textContent !== text) status.textContent = text;
  };
  addEventListener('beforeunload', (event) => {
    if (unsaved) event.preventDefault();
  });
  return {
    typed: () => {
      unsaved = true;
      say('Typing…');
    },
    leaving: () => {
      unsaved = false;
    },
    ask: async () => {
      asked += 1;
      const mine = asked;
      const changed = unsaved;
      const answer = await post(form, address);
      if (mine !== asked) return null;
      if (typeof answer === 'string') {
        say(answer);
        return null;
      }
      unsaved = false;
      const errors = answer.problems.filter((problem) => problem.severity === 'error').length;
      say(`${changed ? 'Kept as your draft. ' : ''}${errors === 0 ? 'No errors.' : `${errors} ${errors === 1 ? 'error' : 'errors'}.`}`);
      return answer;
    },
  };
}

/** The answer, or a sentence on why there is none. */
async function post(form: HTMLFormElement, address: string): Promise<Answer | string> {
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === 'string') body.append(name, value);
  try {
    const response = await fetch(address, { method: 'POST', body, headers: { Accept: 'application/json' }, redirect: 'error' });
    if (response.ok) return (await response.json()) as Answer;
    return `Not kept: ${response.status === 401 ? 'you are signed out. Sign in in another tab, then type on.' : 'the server refused it. Press “Keep as draft”.'}`;
  } catch {
    return 'Not kept: the server could not be reached. Your text is still here.';
  }
}
