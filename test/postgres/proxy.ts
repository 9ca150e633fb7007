/** Stands between Charter and PostgreSQL, and fails as networks do: without a word, or on one side only. */
import { connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export interface Network {
  /** The address of what is behind, through here. */
  through(url: string): string;
  /** Nothing passes any more, and nobody is told: on the connections there are, or on all that come, too, until `heal`. */
  mute(which: 'these' | 'all'): void;
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
  muted: boolean;
}

/** Passes on everything to what listens at `port`, until told otherwise. Goes with the test. */
export async function proxyTo(port: number): Promise<Network> {
  const links: Link[] = [];
  let muteAll = false;
  const server = createServer((near) => {
    const link: Link = { near, far: connect(port, '127.0.0.1'), muted: muteAll };
    links.push(link);
    const pass = (from: Socket, to: Socket): void => {
      from.setNoDelay(true);
      from.on('error', () => undefined);
      from.on('data', (bytes) => void (link.muted || to.destroyed || to.write(bytes)));
      from.on('close', () => void (link.muted || to.destroy()));
    };
    pass(near, link.far);
    pass(link.far, near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    for (const { near, far } of links) {
      near.destroy();
      far.destroy();
    }
    await new Promise((resolve) => server.close(resolve));
  });
  const mute = (): void => {
    for (const link of links) link.muted = true;
  };
  return {
    through(url) {
      const address = new URL(url);
      address.port = String((server.address() as { port: number }).port);
      return address.href;
    },
    mute(which) {
      muteAll = which === 'all';
      mute();
    },
    heal: () => void (muteAll = false),
    cutNear() {
      mute();
      for (const { near } of links) near.destroy();
    },
    cutFar() {
      for (const { far } of links) far.destroy();
    },
    made: () => links.length,
  };
}
