/** People as pages and the API list them. */
import { builtInRoles } from '../definitions/index.js';
import type { Engine } from '../engine.js';
import type { EngineContext } from './context.js';

const builtIn: { readonly [role in (typeof builtInRoles)[number]]: { readonly title: string; readonly description: string } } = {
  administrator: { title: 'Administrator', description: 'Manages people, settings and what was parked.' },
  'process-owner': { title: 'Process owner', description: 'Edits, tries out and publishes definitions.' },
  auditor: { title: 'Auditor', description: 'Reads everything, writes nothing.' },
};

export function peopleVerbs({ directory, publishing, library }: EngineContext): Pick<Engine, 'roles' | 'users' | 'teams' | 'metrics'> {
  return {
    async roles() {
      const own = builtInRoles.map((role) => ({ role, ...builtIn[role] }));
      const files = [...Object.values(publishing.shared().policy), ...library.keys().flatMap((key) => Object.values(library.current(key).policy))];
      const declared = files.flatMap((file) =>
        file.kind === 'roles' ? Object.entries(file.roles).map(([role, { title, description }]) => ({ role, title, description: description ?? '' })) : [],
      );
      return [...new Map([...declared, ...own].map((entry) => [entry.role, entry])).values()].sort((a, b) => (a.title < b.title ? -1 : 1));
    },
    async users() {
      await directory.refresh();
      return directory.users();
    },
    async teams() {
      await directory.refresh();
      return directory.teams();
    },
    metrics: () => ({ users: directory.users().length, processes: library.keys().length }),
  };
}
