import { once } from 'node:events';
import { type ClientRequest, createServer, type IncomingMessage, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import express from 'express';
import { afterEach, describe, expect, it } from 'vitest';
import { EngineError, pause } from '../../../engine/index.js';
import { createBodyRoom } from '../../../server/web/bodyRoom.js';
import { startTestServer } from '../api/harness.js';

const KIB = 1024;
const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

interface Sending {
  readonly send: (bytes: number | Uint8Array) => void;
  /** Ends the body; the status of the answer, which may have come before. */
  readonly end: () => Promise<number>;
  readonly answered: () => number | null;
}

function sending(url: string, headers: Readonly<Record<string, string>>): Sending {
  const sent: ClientRequest = request(url, { method: 'POST', headers });
  sent.flushHeaders();
  let status: number | null = null;
  const answer = once(sent, 'response').then(([response]) => {
    status = (response as IncomingMessage).statusCode ?? 0;
    (response as IncomingMessage).resume();
    return status;
  });
  answer.catch(() => undefined);
  sent.on('error', () => undefined);
  closing.push(() => void sent.destroy());
  return {
    send: (bytes) => void sent.write(typeof bytes === 'number' ? Buffer.alloc(bytes, 'x') : bytes),
    end: () => {
      sent.end();
      return answer;
    },
    answered: () => status,
  };
}

/** A server that reads bodies of up to 400 KiB into a room of 200 KiB and keeps each until it is told to go on. */
async function roomServer(): Promise<{
  readonly url: string;
  readonly goOn: () => void;
  readonly post: (who: string, headers?: Record<string, string>) => Sending;
}> {
  const room = createBodyRoom(200 * KIB);
  let goOn = (): void => undefined;
  const gate = new Promise<void>((resolve) => (goOn = resolve));
  const app = express();
  const parse = express.raw({ type: () => true, limit: 400 * KIB });
  const read = (incoming: express.Request, response: express.Response): Promise<number> =>
    new Promise((resolve, reject) =>
      parse(incoming, response, (error?: unknown) => (error ? reject(error as Error) : resolve((incoming.body as Buffer).length))),
    );
  app.post('/', async (incoming, response) => {
    const who = incoming.get('who') ?? '';
    try {
      await room.holding(
        { request: incoming, who, most: 400 * KIB },
        () => read(incoming, response),
        async () => gate,
      );
      response.status(201).end();
    } catch (error) {
      response.status(error instanceof EngineError && error.code === 'BUSY' ? 503 : 500).end();
    }
  });
  const server: Server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return { url, goOn, post: (who, headers = {}) => sending(url, { who, ...headers }) };
}

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await pause(5);
};

describe('room for the bodies of requests', () => {
  it('is not taken by what was only announced: slow senders hold up nobody', async () => {
    const server = await startTestServer();
    closing.push(() => server.close());
    const slow = Array.from({ length: 6 }, () =>
      sending(`${server.address}/api/v1/records/ORD-000001/attachments`, {
        authorization: 'Bearer token-of-agent-long-enough',
        'content-type': 'multipart/form-data; boundary=b',
        'content-length': String(20 * KIB * KIB),
      }),
    );
    for (const one of slow) one.send(100);
    await pause(300);
    expect(slow.map((one) => one.answered())).toEqual(slow.map(() => null));
  });

  it('is taken by what has come: who sends more than there is left is told to come again, and others go on', async () => {
    const { post, goOn } = await roomServer();
    const senders = ['a', 'b', 'c', 'd'].map((who) => post(who));
    for (const one of senders) one.send(45 * KIB);
    await pause(100);
    expect(senders.map((one) => one.answered())).toEqual([null, null, null, null]);
    const late = post('e');
    late.send(30 * KIB);
    await until(() => late.answered() !== null);
    expect(late.answered()).toBe(503);
    goOn();
    expect(await Promise.all(senders.map((one) => one.end()))).toEqual([201, 201, 201, 201]);
    const again = post('e');
    again.send(150 * KIB);
    expect(await again.end()).toBe(201);
  });

  it('is refused before anything is sent to whom there is no room for what he announces', async () => {
    const { post } = await roomServer();
    for (const who of ['a', 'b', 'c']) post(who).send(49 * KIB);
    await pause(100);
    const announced = post('d', { 'content-length': String(60 * KIB) });
    announced.send(1);
    await until(() => announced.answered() !== null);
    expect(announced.answered()).toBe(503);
  });

  it('is there for one person up to a quarter, unless it is a single body', async () => {
    const { post, goOn } = await roomServer();
    const large = post('a');
    large.send(120 * KIB);
    const another = post('a');
    await pause(50);
    another.send(1 * KIB);
    await until(() => another.answered() !== null);
    expect(another.answered()).toBe(503);
    const somebody = post('b');
    somebody.send(60 * KIB);
    goOn();
    expect([await large.end(), await somebody.end()]).toEqual([201, 201]);
  });

  it('is there for one body that is larger than all of it while there is no other', async () => {
    const { post, goOn } = await roomServer();
    goOn();
    const huge = post('a');
    huge.send(300 * KIB);
    expect(await huge.end()).toBe(201);
  });

  it('is taken as a whole by a body that is packed: nobody knows how large it will be', async () => {
    const { post, goOn } = await roomServer();
    const packed = gzipSync(Buffer.alloc(390 * KIB));
    expect(packed.length).toBeLessThan(KIB);
    const large = post('a', { 'content-encoding': 'gzip' });
    large.send(packed);
    await pause(50);
    const other = post('b');
    other.send(1);
    await until(() => other.answered() !== null);
    expect(other.answered()).toBe(503);
    goOn();
    expect(await large.end()).toBe(201);
  });
});
