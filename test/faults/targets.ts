/** Another system that misbehaves as it is told, and remembers what it was sent. */
import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

export type Manner = 'good' | 'hangs' | 'errs' | 'twice' | 'cut';

export interface Target {
  readonly url: (manner: Manner) => string;
  /** Idempotency keys in the order they came, by manner. */
  readonly keys: (manner: Manner) => readonly string[];
  /** Requests that wait for an answer which never comes. */
  readonly hanging: () => number;
  close(): Promise<void>;
}

const answer = (status: string): string => `HTTP/1.1 ${status}\r\nContent-Length: 2\r\nContent-Type: text/plain\r\n\r\nok`;

/** Speaks HTTP by hand, so that it can break it. */
export async function startTarget(): Promise<Target> {
  const heard = new Map<string, string[]>();
  const sockets = new Set<Socket>();
  let hanging = 0;
  const respond = (socket: Socket, manner: string, tries: number): void => {
    if (manner === 'hangs') {
      hanging += 1;
      socket.once('close', () => {
        hanging -= 1;
      });
    } else if (manner === 'errs') socket.end(answer('500 Internal Server Error'));
    else if (manner === 'twice') socket.end(answer('200 OK') + answer('200 OK'));
    // Carried out, but the first answer is lost.
    else if (manner === 'cut' && tries === 1) socket.destroy();
    else socket.end(answer('200 OK'));
  };
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => void sockets.delete(socket));
    socket.on('error', () => undefined);
    let text = '';
    socket.on('data', (data: Buffer) => {
      text += data.toString();
      const [head = '', body] = text.split('\r\n\r\n');
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
      if (body === undefined || Buffer.byteLength(body) < length) return;
      text = '';
      const manner = /^POST \/(\w+)/.exec(head)?.[1] ?? '';
      const key = /idempotency-key: (\S+)/i.exec(head)?.[1] ?? '';
      const keys = heard.get(manner) ?? [];
      heard.set(manner, keys);
      keys.push(key);
      respond(socket, manner, keys.filter((one) => one === key).length);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: (manner) => `http://127.0.0.1:${port}/${manner}`,
    keys: (manner) => heard.get(manner) ?? [],
    hanging: () => hanging,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
