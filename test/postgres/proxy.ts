/** Stands between Charter and PostgreSQL, and fails as networks do: without a word, or on one side only. */
import { connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export interface Network {
  /** The address of what is behind, through here. */
  through(url: string): string;
  /** Nothing passes any more, and nobody is told: on the connections there are, or on all that come, too, until `heal`. */
  mute(which: 'these' | 'all'): void;
  /** On the connections there are, what PostgreSQL says passes no more. */
  loseAnswers(): void;
  /** Ends the next connection over which Charter sends this, before PostgreSQL hears of it. */
  cutAt(text: string): void;
  /** From there on nothing passes on it. */
  muteAt(text: string): void;
  /** PostgreSQL still carries out the next statement with this in it; its answer is lost, and nothing passes any more on any connection. */
  loseAnswerTo(text: string): void;
  /** New connections pass again. Those that were muted stay so. */
  heal(): void;
  /** Ends connections towards Charter; PostgreSQL is not told. */
  cutNear(): void;
  /** Ends connections towards PostgreSQL. */
  cutFar(): void;
  /** Connections that were made through here so far. */
  made(): number;
}

interface Link {
  readonly near: Socket;
  readonly far: Socket;
  /** In which direction nothing passes. */
  muted: 'neither' | 'answers' | 'both';
}

/** Passes on everything to what listens at `port`, until told otherwise. Goes with the test. */
export async function proxyTo(port: number): Promise<Network> {
  const links: Link[] = [];
  let muteAll = false;
  const mute = (how: Link['muted'], all = muteAll): void => {
    muteAll = all;
    for (const link of links) link.muted = how;
  };
  let awaited: { readonly text: string; readonly how: 'cut' | 'mute' | 'answer' } | null = null;
  const server = createServer((near) => {
    const link: Link = { near, far: connect(port, '127.0.0.1'), muted: muteAll ? 'both' : 'neither' };
    links.push(link);
    const pass = (from: Socket, to: Socket, silent: () => boolean): void => {
      from.setNoDelay(true);
      from.on('error', () => undefined);
      from.on('data', (bytes) => {
        if (awaited !== null && from === near && bytes.includes(awaited.text)) {
          if (awaited.how === 'cut') near.destroy();
          if (awaited.how === 'answer') mute('both', true);
          link.muted = awaited.how === 'answer' ? 'answers' : 'both';
          awaited = null;
        }
        if (!(silent() || to.destroyed)) to.write(bytes);
      });
      from.on('close', () => void (link.muted === 'both' || to.destroy()));
    };
    pass(near, link.far, () => link.muted === 'both');
    pass(link.far, near, () => link.muted !== 'neither');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    for (const { near, far } of links) {
      near.destroy();
      far.destroy();
    }
    await new Promise((resolve) => server.close(resolve));
  });
  return {
    through(url) {
      const address = new URL(url);
      address.port = String((server.address() as { port: number }).port);
      return address.href;
    },
    mute(which) {
      mute('both', which === 'all');
    },
    loseAnswers: () => mute('answers'),
    cutAt: (text) => void (awaited = { text, how: 'cut' }),
    loseAnswerTo: (text) => void (awaited = { text, how: 'answer' }),
    muteAt: (text) => void (awaited = { text, how: 'mute' }),
    heal: () => void (muteAll = false),
    cutNear() {
      mute('both');
      for (const { near } of links) near.destroy();
    },
    cutFar() {
      for (const { far } of links) far.destroy();
    },
    made: () => links.length,
  };
}
