import { LineChart } from 'echarts/charts';
import { GridComponent, MarkLineComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

use([LineChart, GridComponent, MarkLineComponent, SVGRenderer]);

/**
 * Draws a chart of lines as SVG. The build puts echarts into this file's JavaScript (bundle-charts.ts), so that a user
 * need not install all of it.
 * @param option options of echarts: grid, axes, series of lines
 * @param size in CSS pixels
 */
export function svgChart(option: Readonly<Record<string, unknown>>, size: { width: number; height: number }): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, ...size });
  try {
    chart.setOption({ animation: false, textStyle: { fontFamily: 'inherit' }, ...option });
    // Removes the library's hover styles: nothing here reacts to a pointer.
    return chart
      .renderToSVGString()
      .replace(/<style[\s\S]*?<\/style>\n?/g, '')
      .replace(/ class="zr[^"]*"/g, '');
  } finally {
    chart.dispose();
  }
}
