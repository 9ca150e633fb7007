/** Shapes of neighbourhoods and impact. */
import { z } from 'zod';
import { named } from './words.js';

const neighbour = named(
  'Neighbour',
  z.object({
    id: z.string(),
    number: z.string(),
    process: z.string(),
    title: z.string(),
    paths: z.array(z.string()),
    status: z.enum(['active', 'done']),
    distance: z.int().meta({ description: 'Connections from the record that was asked for' }),
  }),
);
const connection = z.object({ from: z.string(), to: z.string(), title: z.string(), kind: z.enum(['link', 'field']) });
const more = z.boolean().meta({ description: 'There is more than is given' });

export const neighbourhoodShape = named('Neighbourhood', z.object({ records: z.array(neighbour), connections: z.array(connection), more }));

export const impactShape = named('Impact', z.object({ affected: z.array(neighbour.extend({ way: z.array(z.string()) })), more }));
