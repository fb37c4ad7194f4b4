import * as echarts from "echarts";
import type { Distribution, Examination, Speed } from "../protocol/suite-result";

/** Placeholders for colours that the page defines, for light and dark; the charts use no others. */
const INK = "#010203";
const FAINT = "#040506";
const ACCENT = "#070809";
const SECOND = "#0a0b0c";

const variables: readonly (readonly [string, string])[] = [
  [INK, "var(--ink)"],
  [FAINT, "var(--line)"],
  [ACCENT, "var(--accent)"],
  [SECOND, "var(--second)"],
];

const WIDTH = 760;
const label = { color: INK, fontFamily: "system-ui, sans-serif", fontSize: 12 };
const axis = {
  axisLabel: label,
  nameTextStyle: label,
  axisLine: { lineStyle: { color: FAINT } },
  axisTick: { lineStyle: { color: FAINT } },
  splitLine: { lineStyle: { color: FAINT } },
};

function draw(height: number, title: string, option: object): string {
  const chart = echarts.init(null, null, { renderer: "svg", ssr: true, width: WIDTH, height });
  try {
    chart.setOption({ animation: false, textStyle: label, ...option });
    const svg = variables.reduce(
      (text, [stand, variable]) => text.replaceAll(stand, variable).replaceAll(rgb(stand), variable),
      chart.renderToSVGString(),
    );
    return svg.replace("<svg ", `<svg role="img" aria-label="${title}" `);
  } finally {
    chart.dispose();
  }
}

function rgb(hex: string): string {
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
  return `rgb(${red ?? 0},${green ?? 0},${blue ?? 0})`;
}

/** Counts the measurements in each of some equal steps from zero to the largest. */
export function histogram(
  samples: readonly number[],
  steps: number,
): { readonly from: number; readonly count: number }[] {
  const width = Math.max(...samples, 0.1) / steps;
  return Array.from({ length: steps }, (_, index) => ({
    from: index * width,
    count: samples.filter((sample) => Math.min(steps - 1, Math.floor(sample / width)) === index).length,
  }));
}

function round(value: number): string {
  return value < 10 ? value.toFixed(1) : String(Math.round(value));
}

/** Greatest number of bars of a chart. */
const BARS = 20;

/** Returns how many bars show measurements so that none is narrower than their resolution. */
export function barsOf({ maximum, resolution }: Pick<Distribution, "maximum" | "resolution">): number {
  return resolution <= 0 ? BARS : Math.max(1, Math.min(BARS, Math.floor(maximum / resolution)));
}

function distributionChart(title: string, distribution: Distribution, colour: string): string {
  const bars = histogram(distribution.samples, barsOf(distribution));
  return draw(220, title, {
    grid: { left: 50, right: 20, top: 20, bottom: 50 },
    xAxis: {
      ...axis,
      type: "category",
      name: "ms",
      data: bars.map(({ from }) => round(from)),
      nameLocation: "middle",
      nameGap: 30,
    },
    yAxis: { ...axis, type: "value", name: "times", minInterval: 1 },
    series: [
      {
        type: "bar",
        barCategoryGap: "10%",
        data: bars.map(({ count }) => count),
        itemStyle: { color: colour },
      },
    ],
  });
}

function speedChart(speed: readonly Speed[]): string {
  const operations = [...new Set(speed.map(({ title }) => title))];
  const series = (["producer", "consumer"] as const).map((where, index) => ({
    type: "bar",
    name: where,
    itemStyle: { color: index === 0 ? ACCENT : SECOND },
    label: { show: true, position: "right", ...label, formatter: "{c}" },
    data: operations.map((title) => {
      const found = speed.find((one) => one.title === title && one.where === where);
      return found === undefined ? null : Number(round(found.ratio));
    }),
  }));
  return draw(60 + operations.length * 60, "Time through FUSE, in multiples of the time without it", {
    legend: { textStyle: label, top: 0 },
    grid: { left: 270, right: 50, top: 35, bottom: 30 },
    xAxis: { ...axis, type: "value" },
    yAxis: { ...axis, type: "category", inverse: true, data: operations },
    series,
  });
}

function timelineChart(timeline: Examination["timeline"]): string {
  return draw(50 + timeline.length * 26, "Timeline, in seconds from the start of the run", {
    grid: { left: 150, right: 60, top: 10, bottom: 40 },
    xAxis: { ...axis, type: "value", name: "s", nameLocation: "middle", nameGap: 25 },
    yAxis: { ...axis, type: "category", inverse: true, data: timeline.map(({ name }) => name) },
    series: [
      {
        type: "bar",
        stack: "time",
        itemStyle: { color: "transparent" },
        data: timeline.map(({ start }) => start / 1000),
      },
      {
        type: "bar",
        stack: "time",
        itemStyle: { color: ACCENT },
        label: { show: true, position: "right", ...label, formatter: "{c} s" },
        data: timeline.map(({ start, end }) => Number(((end - start) / 1000).toFixed(1))),
      },
    ],
  });
}

/** The charts of an examination, as SVG that takes its colours from the page. */
export interface Charts {
  readonly timeline: string;
  readonly latency: string;
  readonly recovery: string;
  readonly noticed: string;
  readonly speed: string;
}

/**
 * Draws the charts. A chart without measurements, or with none above their resolution, is an empty text.
 *
 * @public html.ts loads this module when it is needed.
 */
export function drawCharts(examination: Examination): Charts {
  const kill = examination.scenarios.find(({ name }) => name === "kill");
  const { latency, speed, timeline } = examination;
  const distribution = (title: string, value: Distribution | null | undefined, colour: string): string =>
    value && value.samples.length > 1 && barsOf(value) > 1 ? distributionChart(title, value, colour) : "";
  return {
    timeline: timeline.length === 0 ? "" : timelineChart(timeline),
    latency: distribution("Propagation latency in milliseconds", latency, ACCENT),
    recovery: distribution("From the kill to the new nonce, in milliseconds", kill?.recovered, ACCENT),
    noticed: distribution("From the kill to the consumer's error, in milliseconds", kill?.noticed, SECOND),
    speed: speed.length === 0 ? "" : speedChart(speed),
  };
}
