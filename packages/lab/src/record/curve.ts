import type { History, Series } from './history.js';

const WIDTH = 760;
const PANEL = 120;
/** Space above each panel, for its title and the names of its lines. */
const HEAD = 34;
const FOOT = 24;
const LEFT = 58;
const RIGHT = 20;
/** Most points of a line; further steps are averaged. */
const POINTS = 200;
const COLOURS = ['#1f6fb2', '#d1661f', '#2e8b57', '#8e5ea8', '#b3a028', '#c0504d', '#4aa3a3', '#666666'];
const SOFT = '#666';
/** Output of steps that limit the norm of their gradients; it is no term of the loss. */
const NORM = 'gradient_norm';
const AXIS = {
  axisLine: { lineStyle: { color: '#ccc' } },
  axisTick: { show: false },
  axisLabel: { color: SOFT, fontSize: 11 },
  splitLine: { lineStyle: { color: '#eee' } },
};

interface Line {
  readonly name: string;
  readonly points: readonly (readonly [number, number])[];
  /** True for a few measurements, which are shown as dots. */
  readonly dots?: boolean;
}

interface Panel {
  readonly title: string;
  readonly lines: readonly Line[];
}

/**
 * Draws the course of a training as SVG: loss terms, learning rate, PSNR and SSIM, over the steps. Parts of a training
 * follow each other. Panels without a number are left out.
 */
export async function curveOf(history: History): Promise<string> {
  const { svgChart } = await import('@unweather/report/chart');
  const panels = panelsOf(history);
  const starts = startsOf(history);
  const end = starts.end;
  const height = Math.max(1, panels.length) * (HEAD + PANEL + FOOT);
  const top = (i: number) => i * (HEAD + PANEL + FOOT) + HEAD;
  const option = {
    backgroundColor: '#fff',
    grid: panels.map((_, i) => ({ left: LEFT, right: RIGHT, top: top(i), height: PANEL })),
    xAxis: panels.map((_, i) => ({
      type: 'value',
      gridIndex: i,
      min: 0,
      max: end,
      ...AXIS,
      splitLine: { show: false },
    })),
    yAxis: panels.map((_, i) => ({ type: 'value', gridIndex: i, scale: true, splitNumber: 4, ...AXIS })),
    series: panels.flatMap(({ lines }, i) =>
      lines.map(({ points, dots }, at) => ({
        ...{ type: 'line', xAxisIndex: i, yAxisIndex: i, silent: true, data: points, connectNulls: false },
        ...(dots || points.length === 1 ? { symbol: 'circle', symbolSize: 5 } : { symbol: 'none' }),
        lineStyle: { color: colourOf(at), width: 1.5 },
        itemStyle: { color: colourOf(at) },
        ...(at === 0 && starts.marks.length > 0 && { markLine: marks(starts.marks, i === 0) }),
      })),
    ),
  };
  const heads = panels.map(({ title, lines }, i) => {
    const names = lines.map(({ name }, at) => `<tspan dx="14" fill="${colourOf(at)}">${escaped(name)}</tspan>`);
    return `<text x="${LEFT}" y="${top(i) - 12}" font-size="12"><tspan font-weight="bold">${escaped(title)}</tspan>${names.join('')}</text>`;
  });
  const svg = svgChart(option, { width: WIDTH, height });
  return svg
    .replace('<svg ', '<svg font-family="sans-serif" ')
    .replace(/font-family:\s*inherit;?/g, '')
    .replace('</svg>', `${heads.join('\n')}\n</svg>\n`);
}

/** Positions on the step axis at which the parts begin. */
function startsOf({ parts }: History) {
  let end = 0;
  const offsets = new Map<string, number>();
  for (const { name, total } of parts.values()) {
    offsets.set(name, end);
    end += total;
  }
  return { end, offsets, marks: parts.size > 1 ? [...offsets] : [] };
}

function panelsOf(history: History): Panel[] {
  const { offsets } = startsOf(history);
  const lines = (tables: readonly (readonly [string, ReadonlyMap<string, Series>])[], dots = false): Line[] => {
    const byName = new Map<string, [number, number][]>();
    for (const [part, table] of tables)
      for (const [name, series] of table) {
        const points = byName.get(name) ?? [];
        byName.set(name, points);
        points.push(...thinned(series, offsets.get(part)!));
      }
    return [...byName].map(([name, points]) => ({ name, points, dots }));
  };
  const parts = [...history.parts];
  const one = (name: string, of: 'rate' | 'trainingPsnr') =>
    lines(parts.map(([part, history]) => [part, new Map([[name, history[of]]])] as const));
  const all = (of: 'losses' | 'psnr' | 'ssim', dots = false) =>
    lines(
      parts.map(([part, history]) => [part, history[of]] as const),
      dots,
    );
  return [
    { title: 'loss', lines: all('losses').filter(({ name }) => name !== NORM) },
    { title: 'norm of the gradients, before it is limited', lines: all('losses').filter(({ name }) => name === NORM) },
    { title: 'learning rate', lines: one('rate', 'rate') },
    { title: 'training: PSNR, dB', lines: one('batches', 'trainingPsnr') },
    { title: 'validation: PSNR, dB', lines: all('psnr', true) },
    { title: 'validation: SSIM', lines: all('ssim', true) },
  ]
    .map(({ title, lines }) => ({ title, lines: lines.filter(({ points }) => points.length > 0) }))
    .filter(({ lines }) => lines.length > 0);
}

/** Points of a line: the means over equal shares of its steps, without values that cannot be drawn. */
function thinned({ steps, values }: Series, offset: number): [number, number][] {
  const width = Math.ceil(steps.length / POINTS);
  const points: [number, number][] = [];
  for (let i = 0; i < steps.length; i += width) {
    const known = values.slice(i, i + width).filter(Number.isFinite);
    if (known.length === 0) continue;
    const mean = known.reduce((a, b) => a + b, 0) / known.length;
    points.push([offset + steps[Math.min(i + width, steps.length) - 1]!, Number(mean.toPrecision(6))]);
  }
  return points;
}

/** Lines at which parts begin, with their names in the first panel. */
function marks(starts: readonly (readonly [string, number])[], named: boolean) {
  return {
    ...{ symbol: 'none', silent: true, lineStyle: { color: '#bbb', type: 'dashed', width: 1 } },
    label: { show: named, position: 'insideEndTop', color: SOFT, fontSize: 11, formatter: '{b}' },
    data: starts.map(([name, xAxis]) => ({ name, xAxis })),
  };
}

function colourOf(i: number): string {
  return COLOURS[i % COLOURS.length]!;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
