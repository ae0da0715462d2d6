import { BRANCHES } from '../networks/scales.js';
import { type Architecture, edgesOf, nameOf } from './architecture.js';

const [COLUMN, ROW, TOP, LEFT] = [150, 34, 96, 110];
const SCALES = ['full size', '1/2', '1/4', '1/8'];
const FILL = { horizontal: '#cfe3f5', fusion: '#f7d9b9', attention: '#d8ecd3', fixed: '#e6e6e6' };

/**
 * Draws an architecture as SVG: above, the cells by stage and branch, with the attention modules behind them; below,
 * the attention modules with the names of their three edges.
 */
export function drawn(architecture: Architecture): string {
  const columns: string[] = [];
  let x = LEFT;
  const column = (label: string, branches: number, fill: string, whole: boolean) => {
    columns.push(...(whole ? [box(x, TOP, 52, branches * ROW - 8, fill)] : boxes(x, branches, fill)));
    columns.push(text(x + 26, TOP + branches * ROW + 8, label, 'middle', 11));
    x += 66;
  };
  if (architecture.stem) column('stem', 1, FILL.fixed, true);
  for (const [stage, branches] of BRANCHES.entries()) {
    for (const kind of architecture.cells[stage]!)
      column(kind === 'horizontal' ? 'parallel' : 'fusion', branches, FILL[kind], kind === 'fusion');
    column(`auto${stage + 1}`, branches, FILL.attention, false);
  }
  column('final', 4, FILL.fixed, true);
  const width = Math.max(x + 20, LEFT + 3 * (2 * COLUMN + 60));
  const modules = BRANCHES.flatMap((branches, stage) => {
    const different = architecture.edges[stage]!.length > 1;
    return Array.from({ length: different ? branches : 1 }, (_, branch) => ({
      label: `auto${stage + 1}${different ? `, ${SCALES[branch]}` : ''}`,
      edges: edgesOf(architecture, stage as 0 | 1 | 2, branch),
    }));
  });
  const below = TOP + 4 * ROW + 50;
  const parts = modules.map(({ label, edges }, i) =>
    attention(LEFT - 80 + (i % 3) * (2 * COLUMN + 60), below + Math.floor(i / 3) * 150, label, edges),
  );
  const height = below + Math.ceil(modules.length / 3) * 150;
  const heading = [
    text(20, 34, nameOf(architecture), 'start', 18),
    text(
      20,
      58,
      'Cells by stage; a branch is a row. Parallel: a residual block on each. Fusion: all into each.',
      'start',
    ),
    ...SCALES.map((scale, row) => text(20, TOP + row * ROW + 18, scale, 'start')),
  ];
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" ` +
    `font-family="sans-serif"><rect width="100%" height="100%" fill="#ffffff"/>` +
    `${[...heading, ...columns, ...parts].join('')}</svg>\n`
  );
}

function boxes(x: number, branches: number, fill: string): string[] {
  return Array.from({ length: branches }, (_, row) => box(x, TOP + row * ROW, 52, ROW - 8, fill));
}

/** Two halves of the channels in, two nodes, and the edges between with their names. */
function attention(x: number, y: number, label: string, [first, second, third]: readonly string[]): string {
  const [left, right] = [x + 60, x + 250];
  const node = (cx: number, cy: number, name: string) =>
    `<circle cx="${cx}" cy="${cy}" r="17" fill="${FILL.attention}" stroke="#555"/>${text(cx, cy + 4, name, 'middle')}`;
  const arrow = (x1: number, y1: number, x2: number, y2: number) =>
    `<path d="M${x1} ${y1} L${x2} ${y2}" stroke="#555" fill="none" stroke-width="1.5"/>` +
    `<circle cx="${x2}" cy="${y2}" r="3" fill="#555"/>`;
  return [
    text(x, y, label, 'start', 14),
    arrow(left + 17, y + 32, right - 20, y + 32),
    arrow(left + 17, y + 102, right - 20, y + 102),
    arrow(right, y + 49, right, y + 82),
    node(left, y + 32, 'p0'),
    node(left, y + 102, 'p1'),
    node(right, y + 32, 'u0'),
    node(right, y + 102, 'u1'),
    text((left + right) / 2, y + 26, first!, 'middle'),
    text((left + right) / 2, y + 96, second!, 'middle'),
    text(right - 8, y + 70, third!, 'end'),
  ].join('');
}

function box(x: number, y: number, width: number, height: number, fill: string): string {
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="4" fill="${fill}" stroke="#555"/>`;
}

function text(x: number, y: number, content: string, anchor: 'start' | 'middle' | 'end', size = 12): string {
  return `<text x="${x}" y="${y}" font-size="${size}" text-anchor="${anchor}" fill="#222">${content}</text>`;
}
