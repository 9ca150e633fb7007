/** Roles must be such that somebody can hold them. */

import type { Model } from '../model.js';
import { joinPointer } from '../pointer.js';
import type { Report } from '../report.js';
import { checkKnown } from './names.js';

export function checkRoles(model: Model, report: Report): void {
  const check = (roles: readonly string[] | undefined, file: string, pointer: string): void => {
    for (const [index, role] of (roles ?? []).entries())
      checkKnown(role, model.roles, report, { code: 'ROLE_UNKNOWN', fact: 'role', file, pointer: `${pointer}/${index}` });
  };
  const warnEmpty = (list: readonly string[] | undefined, file: string, pointer: string, effect: string): void => {
    if (list?.length === 0) report.add('LIST_EMPTY', { file, pointer }, { what: pointer.slice(pointer.lastIndexOf('/') + 1), effect });
  };
  for (const { spec, pointer } of model.transitions) {
    check(spec.meta?.roles, 'statechart.json', `${pointer}/meta/roles`);
    warnEmpty(spec.meta?.roles, 'statechart.json', `${pointer}/meta/roles`, 'it names nobody who may take the step');
  }
  const process = model.files['process.json'];
  if (process?.owner !== undefined)
    checkKnown(process.owner, model.roles, report, { code: 'ROLE_UNKNOWN', fact: 'role', file: 'process.json', pointer: '/owner' });
  check(process?.create?.roles, 'process.json', '/create/roles');
  warnEmpty(process?.create?.roles, 'process.json', '/create/roles', 'it names nobody who may open a record');
  check(process?.read?.roles, 'process.json', '/read/roles');
  check(process?.comments?.roles, 'process.json', '/comments/roles');
  check(process?.comments?.internal, 'process.json', '/comments/internal');
  for (const [name, approval] of Object.entries(process?.approvals ?? {})) {
    for (const [index, step] of approval.steps.entries())
      check(step.voters.roles, 'process.json', `${joinPointer('/approvals', name)}/steps/${index}/voters/roles`);
  }
  for (const [field, schema] of model.fields) check(schema['x-charter']?.readers, 'form.json', `${joinPointer('/properties', field)}/x-charter/readers`);
}
