/** 0001: the first schema. A migration that was released is never changed; the next change is a new file. */
import { definitions } from './first/definitions.js';
import { history } from './first/history.js';
import { people } from './first/people.js';
import { postgres } from './first/postgres/index.js';
import { queue } from './first/queue.js';
import { records } from './first/records.js';

export const first = { name: '0001-first', sqlite: [records, history, queue, definitions, people].join('\n'), postgres };
