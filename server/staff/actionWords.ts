/** The words in which refusals are told to this visitor. */
import type { ActionWords } from '../presenters/actions.js';
import type { DefinitionWords } from '../presenters/definitionWords.js';
import type { Visit } from '../web/visit.js';

export async function actionWords(visit: Visit, words: DefinitionWords): Promise<ActionWords> {
  const roles = new Map((await visit.services.engine.roles()).map(({ role, title }) => [role, title]));
  return {
    zone: visit.zone,
    now: visit.services.engine.now(),
    roleTitle: (role) => roles.get(role) ?? role,
    fieldTitle: (name) => words.fieldTitle(name),
  };
}
