import { describe, expect, it } from 'vitest';
import { hasNodeSqlite, runNodeWithSqlite } from './node22.js';

describe('the Node that brings its own SQLite', () => {
  it('is there whatever Node runs the tests', () => {
    const program = "const { DatabaseSync } = require('node:sqlite'); console.log(new DatabaseSync(':memory:').prepare('select 1 as one').get().one)";
    expect(runNodeWithSqlite(['-e', program]).trim()).toBe('1');
  });

  it('begins with 22.13', () => {
    expect(['20.19.0', '22.12.0', '22.13.0', '24.0.0'].map((version) => hasNodeSqlite(version))).toEqual([false, false, true, true]);
  });
});
