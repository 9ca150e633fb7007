/** A record's neighbourhood as one SVG element: boxes that lead to the records, lines that say how they are connected. */
import { createHash } from 'node:crypto';
import type { ElkExtendedEdge, ElkNode } from 'elkjs';
import { elk } from './elk.js';
import { FONTS, LINE_HEIGHT, type TextLine } from './figure.js';
import { textWidth, wrapText } from './measure.js';
import { centreOf, circle, element, escaped, group, rectangle, route, textLines } from './svg.js';

export interface DrawnRecord {
  readonly id: string;
  readonly href: string;
  readonly title: string;
  /** Such as "Ticket TIC-000012". */
  readonly name: string;
  readonly state: string | null;
  readonly done: boolean;
  /** The record the drawing is about. */
  readonly centre: boolean;
}

export interface DrawnConnection {
  readonly from: string;
  readonly to: string;
  readonly title: string;
  readonly kind: 'link' | 'field';
}

export interface NeighbourhoodDrawing {
  readonly title: string;
  readonly records: readonly DrawnRecord[];
  readonly connections: readonly DrawnConnection[];
}

const WIDTH = 216;
const PADDING = 12;
const OPTIONS = {
  'elk.algorithm': 'layered',
  'elk.direction': 'RIGHT',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.layered.spacing.nodeNodeBetweenLayers': '42',
  'elk.layered.spacing.edgeNodeBetweenLayers': '18',
  'elk.spacing.nodeNode': '18',
  'elk.spacing.edgeNode': '14',
  'elk.edgeLabels.inline': 'true',
  'elk.edgeLabels.placement': 'CENTER',
  'elk.padding': '[top=12,left=12,bottom=12,right=12]',
};

/** @returns '' when there is nobody beside the record. */
export async function drawNeighbourhood({ title, records, connections }: NeighbourhoodDrawing): Promise<string> {
  if (records.length < 2) return '';
  const boxes = new Map(records.map((record) => [record.id, linesOf(record)]));
  const graph: ElkNode = {
    id: 'neighbourhood',
    layoutOptions: OPTIONS,
    children: records.map((record) => ({ id: record.id, width: WIDTH, height: heightOf(boxes.get(record.id) ?? []) + PADDING * 2 })),
    edges: connections.map(toEdge),
  };
  const placed = await elk.layout(graph);
  const areas = new Map((placed.children ?? []).map((node) => [node.id, areaOf(node)]));
  const id = `neighbourhood-${createHash('sha256')
    .update(records.map((record) => record.id).join())
    .digest('hex')
    .slice(0, 8)}`;
  const lines = (placed.edges ?? []).map((edge, index) => paintConnection(edge, connections[index]));
  const cards = records.map((record) => paintRecord(record, { area: areas.get(record.id) ?? areaOf({}), lines: boxes.get(record.id) ?? [] }));
  const [width, height] = [Math.ceil(placed.width ?? 0), Math.ceil(placed.height ?? 0)];
  const caption = element('title', { id }, escaped(title));
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      class: 'statechart neighbourhood',
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: 'group',
      'aria-labelledby': id,
    },
    [caption, ...lines, ...cards].join(''),
  );
}

function linesOf({ title, name, state }: DrawnRecord): readonly TextLine[] {
  const width = WIDTH - PADDING * 2;
  const lines = wrapText(title, FONTS.title, { width, lines: 2 }).map((text): TextLine => ({ text, style: 'title' }));
  const told = [name, ...(state === null ? [] : [state])].flatMap((text) => wrapText(text, FONTS.item, { width, lines: 1 }));
  return [...lines, ...told.map((text): TextLine => ({ text, style: 'item' }))];
}

function heightOf(lines: readonly TextLine[]): number {
  return lines.reduce((sum, { style }) => sum + LINE_HEIGHT[style], 0);
}

function toEdge({ from, to, title }: DrawnConnection, index: number): ElkExtendedEdge {
  return {
    id: `e${index}`,
    sources: [from],
    targets: [to],
    labels: [{ id: `l${index}`, text: title, width: textWidth(title, FONTS.label) + 12, height: LINE_HEIGHT.label + 6 }],
  };
}

function paintRecord(
  { href, title, name, done, centre }: DrawnRecord,
  { area, lines }: { area: ReturnType<typeof areaOf>; lines: readonly TextLine[] },
): string {
  const classes = ['neighbour', done ? 'neighbour-done' : '', centre ? 'neighbour-centre' : ''].filter(Boolean).join(' ');
  const { x } = centreOf(area);
  const card = rectangle(area, 10, 'drawing-shape') + textLines(lines, { x, top: area.y + PADDING, align: 'middle' });
  const shown = group(classes, `${name}: ${title}`, card);
  return centre ? shown + circle({ x: area.x + area.width - 2, y: area.y + 2 }, 6, 'neighbour-here') : element('a', { href }, shown);
}

function paintConnection(edge: ElkExtendedEdge, connection: DrawnConnection | undefined): string {
  const section = edge.sections?.[0];
  const label = edge.labels?.[0];
  if (!section || !connection) return '';
  const points = [section.startPoint, ...(section.bendPoints ?? []), section.endPoint];
  const area = areaOf(label ?? {});
  const { x, y } = centreOf(area);
  const text = textLines([{ text: connection.title, style: 'label' }], { x, top: y - LINE_HEIGHT.label / 2, align: 'middle' });
  return group(`drawing-line neighbour-${connection.kind}`, '', route(points, 'drawing-route') + rectangle(area, 6, 'drawing-plate') + text);
}

function areaOf({ x = 0, y = 0, width = 0, height = 0 }: Partial<Pick<ElkNode, 'x' | 'y' | 'width' | 'height'>>) {
  return { x, y, width, height };
}
