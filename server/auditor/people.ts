import { createNames } from '../presenters/names.js';
import type { Visit } from '../web/visit.js';

/** Names of those who acted, by id; the engine itself is Charter. */
export async function peopleNames(visit: Visit): Promise<(id: string) => string> {
  return createNames(await visit.services.engine.users(), []).user;
}
