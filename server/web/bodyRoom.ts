/**
 * The room there is for the bodies of requests that are being read and worked on. Bytes count when they have come, not when
 * they are announced: whoever sends slowly takes no room that others could use.
 */
import type { Request } from 'express';
import { EngineError } from '../../engine/index.js';

export const BODY_BYTES = 64 * 1024 * 1024;
/** Seconds after which those who were refused should come again. */
const COME_AGAIN = 2;
/** Who is refused while he sends is given so long to read the answer; then what he sent is let go. */
const LET_GO_MS = 1_000;
/** One person may take this part of the room, unless what he takes is a single body. */
const SHARE = 1 / 4;

interface Incoming {
  readonly request: Request;
  /** Whose body it is: a person, or the address of somebody who is not signed in. */
  readonly who: string;
  /** The most bytes that it may have. */
  readonly most: number;
}

export interface BodyRoom {
  /** Reads a body and carries out what is done with it, counting its bytes until that is over. @throws EngineError BUSY while others take too much. */
  holding<B, T>(incoming: Incoming, read: () => Promise<B>, work: (body: B) => Promise<T>): Promise<T>;
}

/** `limit`: bytes of bodies held at once; a single larger one is taken when there is no other. */
export function createBodyRoom(limit: number): BodyRoom {
  const byPerson = new Map<string, number>();
  let held = 0;
  const mustFit = (own: number, more: number): void => {
    if (held > own && held + more > limit) throw busy('bytes of bodies at once', limit);
  };
  const mustBeFair = (who: string, own: number, more: number): void => {
    const his = byPerson.get(who) ?? 0;
    if (his > own && his + more > limit * SHARE) throw busy('bytes of your bodies at once', limit * SHARE);
  };
  const count = (who: string, bytes: number): void => {
    held += bytes;
    const his = (byPerson.get(who) ?? 0) + bytes;
    if (his === 0) byPerson.delete(who);
    else byPerson.set(who, his);
  };
  return {
    async holding({ request, who, most }, read, work) {
      let own = 0;
      const take = (bytes: number): void => {
        mustFit(own, bytes);
        mustBeFair(who, own, bytes);
        own += bytes;
        count(who, bytes);
      };
      const letGo = (): void => count(who, -own);
      mustFit(0, announced(request, most));
      const body = await received(request, isPacked(request) ? () => take(most - own) : take, read).catch((error: unknown) => {
        // Whoever reads the body may keep what came of it until the connection is gone.
        if (isBusy(error)) request.once('close', letGo);
        else letGo();
        throw error;
      });
      try {
        return await work(body);
      } finally {
        letGo();
      }
    },
  };
}

function announced(request: Request, most: number): number {
  const said = Number(request.get('content-length') ?? 0);
  return Number.isSafeInteger(said) ? Math.min(said, most) : 0;
}

/** Whether it is unpacked while it is read: then its first bytes count as the largest that it may become. Files are taken as they come. */
function isPacked(request: Request): boolean {
  return (request.get('content-encoding') ?? 'identity') !== 'identity' && !request.is('multipart/form-data');
}

/** Reads the body and counts what comes; when it is too much, reading ends there. */
function received<B>(request: Request, take: (bytes: number) => void, read: () => Promise<B>): Promise<B> {
  return new Promise((resolve, reject) => {
    // Whoever reads listens first: what begins to flow with the next line must not pass him by.
    const reading = read();
    const counted = (chunk: Uint8Array): void => {
      try {
        take(chunk.length);
      } catch (error) {
        request.off('data', counted);
        request.unpipe();
        request.removeAllListeners('data');
        request.resume();
        AbortSignal.timeout(LET_GO_MS).addEventListener('abort', () => request.destroy());
        reject(error as Error);
      }
    };
    if (request.method !== 'GET' && request.method !== 'HEAD') request.on('data', counted);
    reading.then(resolve, reject).finally(() => request.off('data', counted));
  });
}

function busy(what: string, limit: number): EngineError {
  return new EngineError('BUSY', { what, limit, retryAfter: COME_AGAIN });
}

function isBusy(error: unknown): boolean {
  return error instanceof EngineError && error.code === 'BUSY';
}
