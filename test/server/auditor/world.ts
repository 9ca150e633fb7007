/** A small organisation at work, seen by an auditor. */
import { type StaffWorld, startStaffWorld } from '../../browser/staffWorld.js';
import { Visitor } from '../testServer.js';

export interface AuditWorld extends StaffWorld {
  /** Signs in: `vera` is the auditor, `olga` a process owner, `root` an administrator, `rita` and `ada` are neither. */
  as(id: string): Promise<Visitor>;
}

const DAY = 86_400_000;

export async function startAuditWorld(): Promise<AuditWorld> {
  const world = await startStaffWorld();
  const { server, numbers } = world;
  await server.user({ id: 'vera', name: 'Vera Ledger', roles: ['auditor'], zone: 'Europe/Berlin' });
  await server.user({ id: 'olga', name: 'Olga Owner', roles: ['process-owner'] });
  await server.user({ id: 'both', name: 'Bo Th', roles: ['auditor', 'administrator'] });
  await server.engine.users();
  const desk = { id: 'ada', roles: ['service-desk', 'support-agent', 'employee'], teams: ['service-desk', 'network'] };
  await server.engine.advanceTo(server.clock.now() + DAY);
  await server.engine.comment({
    record: numbers.working ?? '',
    actor: desk,
    text: 'The new certificate is in place <b>since noon</b>.',
    at: server.clock.now() - 3 * 3_600_000,
  });
  await server.engine
    .send({ record: numbers.request ?? '', type: 'APPROVE', data: {}, actor: { id: 'alan', roles: ['budget-approver', 'approver', 'employee'], teams: [] } })
    .catch(() => undefined);
  await server.engine.erase({
    record: numbers.related ?? '',
    fields: ['caller'],
    reason: 'Asked for by the person',
    actor: { id: 'root', roles: ['administrator'], teams: [] },
  });
  await server.engine.checkpoint();
  await server.engine.advanceTo(server.clock.now() + DAY);
  return { ...world, as: (id) => new Visitor(server).signIn(id) };
}
