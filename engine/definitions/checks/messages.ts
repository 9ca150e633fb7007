/** Places in messages must be such that they can be filled. */
import type { MessagesFile } from '../authored.js';
import type { Model } from '../model.js';
import { engineFields } from '../normal.js';
import { joinPointer } from '../pointer.js';
import type { Report } from '../report.js';
import { suggestion } from '../suggest.js';
import type { CheckContext } from './check.js';

/** A message is written when it is sent, from the record as it is then and from what `notify` handed over. */
const roots = ['record'];

export function checkMessages(model: Model, report: Report, { unreadable }: CheckContext): void {
  for (const [name, message] of Object.entries(model.files['messages.json'] ?? ({} as MessagesFile))) {
    if (name === '$schema') continue;
    const pointer = joinPointer('', name);
    const texts =
      typeof message === 'string'
        ? [[message, pointer]]
        : [
            [message.subject, `${pointer}/subject`],
            [message.text, `${pointer}/text`],
          ];
    for (const [text, at] of texts as [string, string][]) checkPlaces(text, { name, pointer: at, model, report, noForm: unreadable.has('form.json') });
  }
}

function checkPlaces(
  text: string,
  { name, pointer, model, report, noForm }: { name: string; pointer: string; model: Model; report: Report; noForm: boolean },
): void {
  const wrong = (place: string, reason: string, near = ''): void =>
    report.add('MESSAGE_PLACE', { file: 'messages.json', pointer }, { place, reason, suggestion: near });
  for (const part of text.split('{{').slice(1)) {
    const end = part.indexOf('}}');
    if (end === -1) {
      wrong(`{{${part.slice(0, 20)}`, 'it is not closed by }}');
      continue;
    }
    const place = part.slice(0, end).trim();
    if (!/^[A-Za-z_][\w-]*(\.[A-Za-z_0-9][\w-]*)*$/.test(place)) wrong(`{{${place}}}`, 'only names and dots are substituted, nothing is worked out');
    else checkPlace(place, { name, model, wrong, noForm });
  }
}

function checkPlace(
  place: string,
  { name, model, wrong, noForm }: { name: string; model: Model; wrong: (place: string, reason: string, near?: string) => void; noForm: boolean },
): void {
  const [root = '', field = ''] = place.split('.');
  const params = paramsOf(model, name);
  if (root === 'record' && !noForm) {
    const known = [...model.fields.keys(), ...engineFields];
    if (!known.includes(field)) wrong(`{{${place}}}`, `form.json has no field ${field}`, suggestion(field, known));
  } else if (!roots.includes(root) && !params.has(root)) wrong(`{{${place}}}`, `no \`notify\` hands over ${root}`, suggestion(root, [...roots, ...params]));
}

/** Parameters that the `notify` actions of a message hand over. */
function paramsOf({ actions }: Model, message: string): ReadonlySet<string> {
  return new Set(
    actions.flatMap(({ spec }) =>
      spec.type === 'notify' && spec.params?.message === message ? Object.keys(spec.params).filter((key) => key !== 'to' && key !== 'message') : [],
    ),
  );
}
