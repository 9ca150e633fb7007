import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { createWriteFunction, writeFunction } from '../../engine/store/postgres/writeFunction.js';

it('servers that write in different ways, or have it planned in different ways, never take one write function for the other', () => {
  const [, hash = ''] = /^charter_write_([0-9a-f]{12})$/.exec(writeFunction) ?? [];
  const text = createWriteFunction.replace(writeFunction, 'charter_write_');
  expect(text).not.toContain(hash);
  expect(createHash('sha256').update(text).digest('hex').slice(0, 12)).toBe(hash);
});
