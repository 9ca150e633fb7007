import { resolve } from 'node:path';

/** The database's file; null when it is no file. */
export function databaseFile(databaseUrl: string): string | null {
  const path = /^sqlite:(?:\/\/(?=\/))?(.+)$/u.exec(databaseUrl)?.[1];
  return path === undefined ? null : resolve(path);
}
