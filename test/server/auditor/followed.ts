import { expect } from 'vitest';
import type { Answer, Visitor } from '../testServer.js';

/** Follows a verification until it has ended. */
export async function followed(vera: Visitor, started: Answer): Promise<Answer> {
  expect(started.status).toBe(303);
  for (;;) {
    const answer = await vera.get(started.location ?? '');
    if (!answer.headers.has('refresh')) return answer;
    expect(answer.text).toContain('comes again every two seconds');
  }
}
