import { init } from "echarts";
import { median, quartiles } from "./figures";
import type { Results } from "./results";
import { ROW_NAMES, ROWS } from "./rows";

/** Renders the rows of results as box plots (least, quartiles, median, most) in one SVG image. */
export function renderPlot({ seconds, guard, date }: Results): string {
  const rows = ROW_NAMES.flatMap((name) => {
    const figures = seconds[name];
    return figures === undefined ? [] : [{ title: ROWS[name].title, figures }];
  }).reverse();
  const chart = init(null, null, { renderer: "svg", ssr: true, width: 900, height: 110 + 34 * rows.length });
  try {
    chart.setOption({
      animation: false,
      title: { text: `Seconds, guard ${guard ? "on" : "off"}, ${date.slice(0, 10)}`, left: "center" },
      grid: { left: 250, right: 30, top: 50, bottom: 40 },
      xAxis: { type: "value", name: "s", min: 0 },
      yAxis: { type: "category", data: rows.map(({ title }) => title) },
      series: [
        {
          type: "boxplot",
          data: rows.map(({ figures }) => {
            const [first, third] = quartiles(figures);
            return [Math.min(...figures), first, median(figures), third, Math.max(...figures)];
          }),
        },
      ],
    });
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}
