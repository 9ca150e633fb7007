/** Sends what is typed to the server, which keeps it as the draft and answers with problems and the drawing. */
import type { Problem } from './problem.js';

export interface Answer {
  readonly problems: readonly Problem[];
  readonly drawing: string | null;
  /** Names the text that was sent: sent once more as it is, it is no edit. */
  readonly base: string;
}

export interface Checker {
  /** Null when a later question overtook this one, or the server could not be reached. */
  ask(): Promise<Answer | null>;
  typed(): void;
  leaving(): void;
}

export function createChecker(form: HTMLFormElement, address: string): Checker {
  const status = document.getElementById('editor-status');
  const base = form.elements.namedItem('base');
  let typed = 0;
  let kept = 0;
  let left = false;
  let asked = 0;
  const say = (text: string): void => {
    if (status && status.textContent !== text) status.textContent = text;
  };
  const setBase = (text: string): void => {
    if (base instanceof HTMLInputElement) base.value = text;
  };
  addEventListener('beforeunload', (event) => {
    if (typed > kept && !left) event.preventDefault();
  });
  return {
    typed: () => {
      typed += 1;
      left = false;
      // From here on it is an edit, also where it leads back to what it was.
      setBase('');
      say('Typing…');
    },
    leaving: () => {
      left = true;
    },
    ask: async () => {
      asked += 1;
      const mine = asked;
      const upTo = typed;
      const changed = upTo > kept;
      const answer = await post(form, address);
      if (mine !== asked) return null;
      if (typeof answer === 'string') {
        say(answer);
        return null;
      }
      kept = upTo;
      if (typed === upTo) setBase(answer.base);
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
