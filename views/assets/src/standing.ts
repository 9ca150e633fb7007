/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/**
 * Says above a record's page that the record has moved on, and offers to show it. Nothing else of the page is touched: somebody may be
 * typing. Only a page that is looked at asks; without this script the page is as it was.
 */

interface Standing {
  readonly version: number;
  readonly who: string;
  readonly what: string;
  /** Where it stands; empty where it stood there before. */
  readonly state: string;
  readonly finished: boolean;
}

/** `refused`: there is nothing to be learnt any more. `later`: not now; `wait` is what the server asked for, in milliseconds. */
type Answer = Standing | 'same' | 'refused' | { readonly wait: number };

// In the browser there is no clock of the engine: the page's own timer and monotonic reading serve.
const LONGEST = 5 * 60_000;
const PATIENCE = 10_000;
const REFUSED = new Set([401, 403, 404]);

/** Not all pages in the same moment, when a server comes back to many of them. */
const spread = (): number => Math.random() / 8;

async function ask(address: string): Promise<Answer> {
  try {
    const signal = AbortSignal.timeout(PATIENCE);
    const response = await fetch(address, { headers: { Accept: 'application/json' }, cache: 'no-store', redirect: 'error', signal });
    if (response.status === 204) return 'same';
    if (response.ok) return (await response.json()) as Standing;
    if (REFUSED.has(response.status)) return 'refused';
    return { wait: 1000 * (Number(response.headers.get('Retry-After')) || 0) };
  } catch {
    return { wait: 0 };
  }
}

/** Changes the sentence alone where it stands already: its link may be in focus. */
function show(region: HTMLElement, { who, what, state }: Standing): void {
  const news = document.querySelector<HTMLTemplateElement>('#standing-news');
  if (news && !region.firstElementChild) region.append(news.content.cloneNode(true));
  const sentence = region.querySelector('span');
  if (sentence) sentence.textContent = `${who} ${what}.${state ? ` ${state} now.` : ''}`;
}

function watch(region: HTMLElement): void {
  const every = Number(region.dataset.every);
  let known = Number(region.dataset.version);
  let failures = 0;
  let notBefore = 0;
  let asking = false;
  let over = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const plan = (ms: number): void => {
    clearTimeout(timer);
    if (!over && !document.hidden) timer = setTimeout(look, ms);
  };
  const take = (answer: Answer): void => {
    if (typeof answer === 'object' && 'wait' in answer) {
      failures += 1;
      notBefore = performance.now() + Math.max(answer.wait, Math.min(every * 2 ** failures, LONGEST)) * (1 + spread());
      return;
    }
    failures = 0;
    notBefore = 0;
    if (answer === 'refused') over = true;
    if (typeof answer !== 'object') return;
    known = answer.version;
    over = answer.finished;
    show(region, answer);
  };
  async function look(): Promise<void> {
    if (asking) return;
    asking = true;
    take(await ask(`${region.dataset.standing}?version=${known}`));
    asking = false;
    plan(Math.max(notBefore - performance.now(), every * (1 - spread())));
  }
  const lookAgain = (): void => {
    if (document.hidden) clearTimeout(timer);
    else plan(Math.max(notBefore - performance.now(), 0));
  };
  document.addEventListener('visibilitychange', lookAgain);
  addEventListener('pageshow', (event) => {
    if (event.persisted) lookAgain();
  });
  plan(every);
}

for (const region of document.querySelectorAll<HTMLElement>('[data-standing]')) watch(region);
