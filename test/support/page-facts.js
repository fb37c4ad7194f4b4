// Runs in the browser: what can be seen of the report's page.
(() => {
  const channel = (value) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  const luminance = (colour) => {
    const [red, green, blue] = colour.match(/[\d.]+/g).map((part) => channel(Number(part) / 255));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const ground = (element) => {
    for (let at = element; at !== null; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (colour !== "rgba(0, 0, 0, 0)") return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const contrast = (element) => {
    const [light, dark] = [luminance(getComputedStyle(element).color), luminance(ground(element))].sort(
      (a, b) => b - a,
    );
    return (light + 0.05) / (dark + 0.05);
  };
  const texts = [...document.querySelectorAll("h1, h2, h3, p, th, td, dt, dd, li, summary, caption, a")];
  const cell = document.querySelector(".matrix details");
  return {
    width: document.documentElement.scrollWidth,
    paper: getComputedStyle(document.body).backgroundColor,
    charts: [...document.querySelectorAll("svg")].filter((svg) => svg.getBoundingClientRect().height > 50)
      .length,
    lowestContrast: Math.min(...texts.map(contrast)),
    cellIsOpen: cell.open,
    cellHasFocus: document.activeElement === cell.querySelector("summary"),
  };
})();
