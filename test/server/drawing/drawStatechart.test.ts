import { describe, expect, it } from 'vitest';
import type { ProcessFiles } from '../../../engine/index.js';
import { readChart } from '../../../server/presenters/drawing/chart.js';
import { drawStatechart } from '../../../server/presenters/drawing/drawStatechart.js';
import { incident, large } from './charts.js';

let drawn = 0;
const draw = (files: ProcessFiles, options: object = {}): Promise<string> =>
  drawStatechart({ files, hash: `test-${(drawn += 1)}` }, { title: 'Incident', ...options });
const texts = (svg: string): string => [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map((match) => match[1]).join(' ');
/** The group that holds a state's shape, found by its tooltip. */
const box = (svg: string, title: string): string => new RegExp(`<g class="(drawing-box[^"]*)"><title>${title}[:<]`).exec(svg)?.[1] ?? '';

describe('the drawing of a statechart', () => {
  it('holds every state by its title', async () => {
    const svg = await draw(incident);
    for (const state of readChart(incident).states.values()) {
      if (state.path !== '' && state.kind !== 'history') expect(texts(svg)).toContain(state.title);
    }
  });

  it('holds every transition, those that stay where they are inside their box', async () => {
    const said = texts(await draw(incident));
    for (const transition of readChart(incident).transitions) expect(said).toContain(transition.trigger.title);
  });

  it('draws initial dots, final states with a double border, history and parallel regions', async () => {
    const svg = await draw(incident);
    expect(svg.match(/class="drawing-dot"/g)).toHaveLength(3);
    expect(svg.match(/class="drawing-inner"/g)).toHaveLength(3);
    expect(svg.match(/drawing-box drawing-region/g)).toHaveLength(2);
    expect(svg).toMatch(/drawing-box drawing-history.*>H<\/text>/);
  });

  it('puts what lies inside a state inside its box', async () => {
    const svg = await draw(incident);
    const area = (title: string): number[] => {
      const found = new RegExp(`<title>${title}[^<]*</title><rect class="drawing-shape" x="([\\d.]+)" y="([\\d.]+)" width="([\\d.]+)" height="([\\d.]+)"`).exec(
        svg,
      );
      return (found ?? []).slice(1).map(Number);
    };
    const [outerX = 0, outerY = 0, outerWidth = 0, outerHeight = 0] = area('In progress');
    const [x = 0, y = 0, width = 0, height = 0] = area('Waiting for vendor');
    expect(x).toBeGreaterThan(outerX);
    expect(y).toBeGreaterThan(outerY);
    expect(x + width).toBeLessThan(outerX + outerWidth);
    expect(y + height).toBeLessThan(outerY + outerHeight);
  });

  it('says several transitions between the same states on one line', async () => {
    const svg = await draw(incident);
    expect(svg).toContain('<title>Resume: Waiting for user to Working\nA comment is written: Waiting for user to Working, if the requester wrote it</title>');
  });

  it('shows guards in brackets by the sentence their author gave, and timers with their length', async () => {
    const said = texts(await draw(incident));
    expect(said).toContain('[the reason is the user]');
    expect(said).toContain('After 5 days');
    expect(said).toContain('After 4 hours of working time');
  });

  it('marks where a record stands, the path it took, and what it never reached', async () => {
    const working = ['active', 'active.work', 'active.work.working', 'active.major', 'active.major.normal'];
    const waiting = ['active', 'active.work', 'active.work.waiting', 'active.major', 'active.major.normal'];
    const svg = await draw(incident, {
      current: waiting,
      taken: [
        { from: [], event: 'record.created', to: ['new'] },
        { from: ['new'], event: 'ASSIGN', to: working },
        { from: working, event: 'HOLD', to: waiting },
      ],
    });
    expect(box(svg, 'Waiting for user')).toContain('drawing-current');
    expect(box(svg, 'New')).toContain('drawing-visited');
    expect(box(svg, 'Cancelled')).toContain('drawing-never');
    expect(svg).toMatch(/<g class="drawing-line drawing-taken"><title>Assign:/);
    expect(svg).toMatch(/<g class="drawing-line drawing-taken"><title>Wait: Working to Waiting for user/);
    expect(svg).toMatch(/<g class="drawing-line drawing-never"><title>Wait for vendor:/);
    expect(svg).toContain('The record is in Waiting for user and Normal.');
  });

  it('follows a step through states that are left at once', async () => {
    const files: ProcessFiles = {
      'statechart.json': {
        initial: 'a',
        states: { a: { on: { GO: 'choice' } }, choice: { always: [{ target: 'left', guard: 'small' }, { target: 'right' }] }, left: {}, right: {} },
      },
    };
    const svg = await draw(files, { current: ['right'], taken: [{ from: ['a'], event: 'GO', to: ['right'] }] });
    expect(svg).toMatch(/drawing-taken"><title>Go: A to Choice/);
    expect(svg).toMatch(/drawing-taken"><title>At once: Choice to Right/);
    expect(svg).toMatch(/drawing-never"><title>At once: Choice to Left/);
  });

  it('shows a target that does not exist as a fault instead of failing', async () => {
    const svg = await draw({ 'statechart.json': { initial: 'a', states: { a: { on: { GO: 'nowhere' } } } } });
    expect(svg).toMatch(/drawing-fault"[^>]*>Go → nowhere\?/);
  });

  it('draws nothing when a draft holds nothing that could be drawn', async () => {
    expect(await draw({ 'statechart.json': [] as never })).toBe('');
    expect(await draw({ 'statechart.json': { states: 'x' } as never })).toBe('');
    expect(await draw({} as never)).toBe('');
  });

  it('escapes whatever a definition says, and holds no style, script or link', async () => {
    const evil = '</text><script>alert(1)</script>" onload="x\' & \u0000\u0001\ud800';
    const svg = await draw(
      {
        'statechart.json': {
          initial: 'a',
          states: { a: { meta: { title: evil }, description: evil, on: { GO: { target: 'b', guard: evil, meta: { title: evil } } } }, b: {} },
        },
      },
      { title: evil },
    );
    expect(svg).not.toContain('<script');
    expect(svg).not.toMatch(/<[^>]*\son\w+=/);
    for (const part of ['style=', 'href=', '\u0000', '\u0001', '\ud800']) expect(svg).not.toContain(part);
    expect(svg).toContain('&lt;script&gt;');
  });

  it('is an image with a title and a description for those who cannot see it', async () => {
    const svg = await draw(incident);
    const [, labels = ''] = /role="img" aria-labelledby="([^"]+)"/.exec(svg) ?? [];
    for (const id of labels.split(' ')) expect(svg).toContain(`id="${id}"`);
    expect(svg).toMatch(/<title id="[^"]+">Incident<\/title><desc/);
  });

  it('is the same picture every time', async () => {
    expect((await draw(incident)).length).toBe((await draw(incident)).length);
  });

  it('draws sixty states in about a second even on a busy machine', async () => {
    await draw(incident);
    const began = performance.now();
    const svg = await draw(large(60));
    expect(performance.now() - began).toBeLessThan(3000);
    expect(svg.match(/drawing-box drawing-atomic/g)?.length).toBeGreaterThanOrEqual(54);
  });

  it('does not lay out what nobody could read', async () => {
    expect(await draw(large(400))).toBe('');
  });
});
