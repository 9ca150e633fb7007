/**
 * Places a figure with ELK's layered layout. The options are those that gave the most readable pictures (model order crashes ELK on nested graphs).
 * Lines that lead back are laid out the other way round: see flow.ts.
 */
import type { ElkExtendedEdge, ElkNode } from 'elkjs';
import { elk } from './elk.js';
import type { Box, Figure } from './figure.js';
import { linesBack } from './flow.js';

export interface Point {
  readonly x: number;
  readonly y: number;
}
export interface Area extends Point {
  readonly width: number;
  readonly height: number;
}

/** Where everything went, in pixels from the drawing's top left corner. */
export interface Placed {
  readonly width: number;
  readonly height: number;
  readonly areas: ReadonlyMap<string, Area>;
  readonly routes: ReadonlyMap<string, { readonly points: readonly Point[]; readonly label: Area | null }>;
}

const OPTIONS = {
  'elk.algorithm': 'layered',
  'elk.direction': 'DOWN',
  'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.layered.cycleBreaking.strategy': 'DEPTH_FIRST',
  'elk.layered.spacing.nodeNodeBetweenLayers': '26',
  'elk.layered.spacing.edgeNodeBetweenLayers': '16',
  'elk.layered.spacing.edgeEdgeBetweenLayers': '12',
  'elk.spacing.nodeNode': '28',
  'elk.spacing.edgeNode': '18',
  'elk.spacing.edgeEdge': '14',
  'elk.spacing.edgeLabel': '4',
  'elk.edgeLabels.inline': 'true',
  'elk.edgeLabels.placement': 'CENTER',
  'elk.json.edgeCoords': 'ROOT',
  'elk.json.shapeCoords': 'ROOT',
  'elk.padding': '[top=16,left=16,bottom=16,right=16]',
};

/** The straightest lines take too long to find beyond this. */
const MANY_LINES = 70;

export async function placeFigure(figure: Figure): Promise<Placed> {
  const back = linesBack(figure);
  const graph: ElkNode = {
    id: figure.root.id,
    layoutOptions: { ...OPTIONS, 'elk.layered.nodePlacement.strategy': figure.lines.length > MANY_LINES ? 'LINEAR_SEGMENTS' : 'NETWORK_SIMPLEX' },
    children: figure.root.children.map(toNode),
    edges: figure.lines.map(
      (line): ElkExtendedEdge => ({
        id: line.id,
        sources: [back.has(line.id) ? line.to : line.from],
        targets: [back.has(line.id) ? line.from : line.to],
        ...(line.lines.length > 0 && {
          labels: [
            {
              id: `l:${line.id}`,
              text: ' ',
              width: line.width,
              height: line.height,
              layoutOptions: { 'elk.edgeLabels.inline': 'true', 'elk.edgeLabels.placement': 'CENTER' },
            },
          ],
        }),
      }),
    ),
  };
  return toPlaced(await elk.layout(graph), back);
}

function toNode(box: Box): ElkNode {
  if (box.children.length === 0) return { id: box.id, width: box.width, height: box.height, layoutOptions: { 'elk.alignment': 'TOP' } };
  return {
    id: box.id,
    layoutOptions: {
      'elk.alignment': 'TOP',
      'elk.padding': `[top=${box.height + 6},left=20,bottom=20,right=20]`,
      'elk.nodeSize.constraints': 'MINIMUM_SIZE',
      'elk.nodeSize.minimum': `(${box.width},${box.height})`,
    },
    children: box.children.map(toNode),
  };
}

function toPlaced(graph: ElkNode, back: ReadonlySet<string>): Placed {
  const areas = new Map<string, Area>();
  const collect = (node: ElkNode): void => {
    areas.set(node.id, areaOf(node));
    node.children?.forEach(collect);
  };
  graph.children?.forEach(collect);
  const routes = new Map((graph.edges ?? []).map((edge) => [edge.id, routeOf(edge, back.has(edge.id))]));
  return { width: Math.ceil(graph.width ?? 0), height: Math.ceil(graph.height ?? 0), areas, routes };
}

function routeOf(edge: ElkExtendedEdge, back: boolean): { points: Point[]; label: Area | null } {
  const section = edge.sections?.[0];
  const label = edge.labels?.[0];
  const points = section ? [section.startPoint, ...(section.bendPoints ?? []), section.endPoint].map(({ x, y }) => ({ x: round(x), y: round(y) })) : [];
  return {
    points: back ? points.reverse() : points,
    label: label ? areaOf(label) : null,
  };
}

function areaOf(shape: { x?: number; y?: number; width?: number; height?: number }): Area {
  return { x: round(shape.x ?? 0), y: round(shape.y ?? 0), width: round(shape.width ?? 0), height: round(shape.height ?? 0) };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
