/** The parts of a drawing before they have a place: boxes with what is written in them, and lines with their labels. */
import type { ChartState, ChartTransition, StateKind } from './chart.js';

/** `initial`: the dot that says where a state begins; `anywhere` and `again`: where a line starts or ends that means the whole container around it. */
export type BoxKind = StateKind | 'region' | 'initial' | 'anywhere' | 'again';

export type LineStyle = 'title' | 'item' | 'timer' | 'guard' | 'label' | 'fault';

/** One line of text in a box or label. */
export interface TextLine {
  readonly text: string;
  readonly style: LineStyle;
}

export interface Box {
  readonly id: string;
  readonly kind: BoxKind;
  readonly state: ChartState;
  readonly lines: readonly TextLine[];
  /** Full text, shown when pointed at. */
  readonly hint: string;
  readonly width: number;
  readonly height: number;
  readonly children: readonly Box[];
}

export interface Line {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly lines: readonly TextLine[];
  readonly hint: string;
  readonly width: number;
  readonly height: number;
  /** Empty for the line that leaves an initial dot; then `begins` names the state. */
  readonly transitions: readonly ChartTransition[];
  readonly begins: string | null;
}

export interface Figure {
  readonly root: Box;
  readonly lines: readonly Line[];
}

export const FONTS = {
  title: { size: 14, strong: true },
  item: { size: 12 },
  timer: { size: 12 },
  guard: { size: 11.5 },
  label: { size: 12 },
  fault: { size: 12 },
} as const;

export const LINE_HEIGHT = { title: 19, item: 17, timer: 17, guard: 15, label: 17, fault: 17 } as const;

/** Room for the clock glyph before a line of style `timer`. */
export const GLYPH = 18;
