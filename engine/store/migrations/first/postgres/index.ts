/** 0001 on PostgreSQL. */
import { refusal } from './appendOnly.js';
import { definitions } from './definitions.js';
import { history } from './history.js';
import { people } from './people.js';
import { queue } from './queue.js';
import { records } from './records.js';

export const postgres = [refusal, records, history, queue, definitions, people].join('\n');
