/** What scripts add to pages that work without them: clocks that tick, menus that close, `/` for search, one press of a button. */

const MINUTE = 60_000;

function tell(ms: number): string {
  const seconds = Math.floor(Math.abs(ms) / 1000);
  const [days, hours, minutes] = [Math.floor(seconds / 86_400), Math.floor((seconds % 86_400) / 3600), Math.floor((seconds % 3600) / 60)];
  if (days > 0) return `${days} d ${hours} h`;
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 9 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
}

/** The server's clock runs on its own time (in demonstrations far from this device's); only the distance since loading is counted here. */
function startClocks(): void {
  const loaded = performance.now();
  const frame = document.querySelector<HTMLElement>('[data-now]');
  const clocks = [...document.querySelectorAll<HTMLElement>('[data-due]')];
  if (!frame || clocks.length === 0) return;
  const server = Number(frame.dataset.now);
  const show = (): void => {
    const now = server + (performance.now() - loaded);
    for (const clock of clocks) {
      const left = Number(clock.dataset.due) - now;
      clock.textContent = `${tell(left)} ${left < 0 ? 'over' : 'left'}`;
      if (left < 0) clock.closest('.clock')?.classList.add('danger');
    }
  };
  show();
  const shortest = Math.min(...clocks.map((clock) => Math.abs(Number(clock.dataset.due) - server)));
  setInterval(show, shortest < 60 * MINUTE ? 1000 : 15_000);
}

function closeMenus(): void {
  const menus = [...document.querySelectorAll<HTMLDetailsElement>('details[data-menu]')];
  document.addEventListener('click', (event) => {
    for (const menu of menus) if (!menu.contains(event.target as Node)) menu.open = false;
  });
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    for (const menu of menus) {
      if (menu.open && menu.contains(document.activeElement)) menu.querySelector('summary')?.focus();
      menu.open = false;
    }
  });
}

function searchKey(): void {
  document.addEventListener('keydown', (event) => {
    const typing = event.target instanceof HTMLElement && (event.target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName));
    if (event.key !== '/' || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const search = document.querySelector<HTMLInputElement>('#search');
    if (!search) return;
    event.preventDefault();
    search.focus();
    search.select();
  });
}

/** A second press does nothing; the server would count it once anyway. */
function pressOnce(): void {
  document.addEventListener('submit', (event) => {
    const form = event.target as HTMLFormElement;
    if (form.method !== 'post' || event.defaultPrevented) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = 'yes';
  });
  addEventListener('pageshow', () => {
    for (const form of document.querySelectorAll<HTMLFormElement>('form[data-sent]')) delete form.dataset.sent;
  });
}

/** Brings the state a record is in into view inside its drawing, without moving the page. */
function showCurrentState(): void {
  for (const frame of document.querySelectorAll<HTMLElement>('.drawing')) {
    const current = frame.querySelector('.drawing-current.drawing-atomic') ?? frame.querySelector('.drawing-current');
    if (!current) continue;
    const [inner, outer] = [current.getBoundingClientRect(), frame.getBoundingClientRect()];
    frame.scrollLeft += inner.left + inner.width / 2 - (outer.left + outer.width / 2);
    frame.scrollTop += inner.top + inner.height / 2 - (outer.top + outer.height / 2);
  }
}

startClocks();
showCurrentState();
closeMenus();
searchKey();
pressOnce();
