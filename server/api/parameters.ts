/** Query parameters: text that is checked, each with the schema that the document shows for it. */
import { z } from 'zod';
import { parseInstant } from '../../engine/index.js';

/** Most items of one page. */
const MOST = 200;
const USUAL = 50;
const DAY = 86_400_000;

export const text = (description: string, longest = 200) =>
  z.string().max(longest, `It may have at most ${longest} characters.`).optional().meta({ description });

export const limit = z
  .string()
  .regex(/^[1-9]\d{0,2}$/u, `It must be a whole number from 1 to ${MOST}.`)
  .transform(Number)
  .refine((value) => value <= MOST, `It must be a whole number from 1 to ${MOST}.`)
  .default(USUAL)
  .meta({ description: 'Items of a page', type: 'integer', minimum: 1, maximum: MOST, default: USUAL, pattern: undefined });

export const cursor = z.string().min(1, 'It is empty.').max(1000, 'It is not one of ours.').optional().meta({ description: '`next` of the page before' });

export const direction = (usual: 'asc' | 'desc') => z.enum(['asc', 'desc'], 'It must be asc or desc.').default(usual);

export const instant = (description: string) =>
  z
    .string()
    .transform((given, context) => {
      const at = parseInstant(given);
      if (at === null) context.addIssue({ code: 'custom', message: 'It must be an instant such as 2026-03-02T09:00:00Z.' });
      return at ?? Number.NaN;
    })
    .optional()
    .meta({ description, format: 'date-time' });

/** An instant that ends a span: of a day alone all of it counts. */
export const lastInstant = (description: string) =>
  z
    .string()
    .transform((given, context) => {
      const at = parseInstant(given);
      if (at === null) context.addIssue({ code: 'custom', message: 'It must be an instant such as 2026-03-02T09:00:00Z, or a day.' });
      return (at ?? Number.NaN) + (/^\d{4}-\d{2}-\d{2}$/u.test(given) ? DAY : 0);
    })
    .optional()
    .meta({ description, format: 'date-time' });

export const yes = (description: string) =>
  z
    .enum(['true', 'false'], 'It must be true or false.')
    .transform((given) => given === 'true')
    .optional()
    .meta({ description, type: 'boolean', enum: undefined });
