/** Ids of what is kept: UUIDv7 of the instant it counts from. */
import { v7 as uuidv7 } from 'uuid';

let made = 0;

/** A new id. Of two made for the same millisecond the later one sorts after the earlier, so that "newest first" holds on a clock that stands still. */
export function newId(at: number): string {
  made = (made + 1) % 2 ** 31;
  return uuidv7({ msecs: at, seq: made });
}
