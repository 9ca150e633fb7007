import { describe, expect, it } from 'vitest';
import { compileChart } from '../../../engine/core/compile.js';
import type { Configuration, Kernel, KernelParts } from '../../../engine/core/kernel.js';
import type { MachineEvent, StepContext } from '../../../engine/core/step.js';
import type { StatechartFile } from '../../../engine/definitions/authored.js';
import { goodCharts } from '../definitions/goodCharts.js';
import { randomFrom } from '../seeded.js';
import { plainKernel } from '../trial/plain.js';
import { pick } from '../trial/randomData.js';

const STEPS = 120;
const seed = process.env.CHARTER_SEED === 'random' ? Math.floor(Math.random() * 2 ** 31) : Number(process.env.CHARTER_SEED ?? 20_261_123);

/** Two regions that both leave on one event: XState takes one of the two. */
const atOdds = {
  'regions at odds': {
    files: {
      'statechart.json': {
        initial: 'work',
        states: {
          work: {
            type: 'parallel',
            states: {
              one: { initial: 'a', states: { a: { on: { OUT: '#left', NEXT: 'b' } }, b: { on: { OUT: '#right', NEXT: 'a' } } } },
              two: { initial: 'c', states: { c: { on: { OUT: '#right', NEXT: 'd' } }, d: { on: { OUT: '#right', NEXT: 'c' } } } },
            },
          },
          left: { id: 'left', on: { NEXT: 'work' } },
          right: { id: 'right', on: { NEXT: 'work' } },
        },
      },
    },
  },
};

interface Seen {
  readonly what: string;
  readonly event: MachineEvent;
  readonly paths: readonly string[];
}

type Moved = Pick<Kernel, 'initial' | 'transition' | 'selected'>;

interface Outcome<T> {
  readonly led: T | null;
  readonly failed?: string;
  readonly taken?: StepContext['taken'];
  readonly armed?: StepContext['armed'];
  readonly shown: readonly Seen[];
}

describe(`the kernel moves a chart as XState as it comes does (CHARTER_SEED=${seed})`, () => {
  it.each(Object.entries({ ...goodCharts, ...atOdds }))('%s', (_what, { files }) => {
    const chart = files['statechart.json'] as unknown as StatechartFile;
    const seen = new WeakMap<StepContext, Seen[]>();
    const parts = watched(seen);
    const kernel = compileChart('example', chart, parts);
    const plain = plainKernel('example', chart, { parts, known: kernel });
    const random = randomFrom(seed);
    const events = [...new Set(kernel.transitions.map(({ event }) => event))].filter((event) => event !== '' && !event.startsWith('xstate.done.'));
    let now = 0;
    const both = <T>(move: (one: Moved, step: StepContext) => T): readonly [Outcome<T>, Outcome<T>] => {
      now += 1;
      const [ours, theirs] = [attempt(kernel, move), attempt(plain, move)];
      expect(theirs).toEqual(ours);
      return [ours, theirs];
    };
    const attempt = <T>(one: Moved, move: (one: Moved, step: StepContext) => T): Outcome<T> => {
      const step = stepAt(now);
      const shown: Seen[] = [];
      seen.set(step, shown);
      try {
        const led = move(one, step);
        return { led, taken: step.taken, armed: step.armed, shown };
      } catch (error) {
        // XState hands back no actions then: what was taken until then is not told.
        return { led: null, failed: reasonOf(error), shown };
      }
    };
    const begin = () => both((one, step) => one.initial(step)).map(({ led }) => led);

    let [ours, theirs] = begin();
    for (let step = 0; step < STEPS && events.length > 0; step += 1) {
      if (ours?.status !== 'active' || theirs?.status !== 'active') {
        [ours, theirs] = begin();
        continue;
      }
      const at = new Map<Moved, Configuration>([
        [kernel, ours],
        [plain, theirs],
      ]);
      const event = { type: pick(random, events), data: {} };
      expect(plain.candidates(theirs, event.type)).toEqual(kernel.candidates(ours, event.type));
      expect(plain.paths(theirs)).toEqual(kernel.paths(ours));
      both((one, working) => one.selected(at.get(one) as Configuration, event, working).map(({ id }) => id));
      const led = both((one, working) => one.transition(at.get(one) as Configuration, event, working));
      // What fails is thrown away, as a step is.
      if (led[0].led && led[1].led) [ours, theirs] = led.map((outcome) => outcome.led);
    }
  });
});

/** Guards that hold now and then, by what they are shown; actions that note what they are shown, and raise events. */
function watched(seen: WeakMap<StepContext, Seen[]>): KernelParts {
  const note = (step: StepContext, one: Seen): void => void seen.get(step)?.push(one);
  return {
    guard: (name, step, event, paths) => {
      const shown = { what: name, event, paths: [...paths] };
      note(step, shown);
      return [...JSON.stringify([shown, step.at])].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 65_521, 7) % 3 !== 0;
    },
    action: (action, { step, event, paths, raise }) => {
      note(step, { what: JSON.stringify(action), event, paths: [...paths] });
      if (action.type === 'raise' && action.params?.delay === undefined) raise({ type: String(action.params?.event), data: {} });
    },
    expand: (name) => [{ type: name }],
    extra: (path, when) => [{ type: 'charter.noted', params: { path, when } }],
  };
}

function stepAt(at: number): StepContext {
  return { at, taken: [], armed: {}, failure: null, record: {} } as unknown as StepContext;
}

function reasonOf(error: unknown): string {
  const { facts, message } = error as { facts?: { reason?: string }; message: string };
  return facts?.reason ?? message;
}
