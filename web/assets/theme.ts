// Runs before the first paint, as a classic script: the page must not flash in the wrong theme.
{
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const paint = () => {
    const wanted = root.dataset["theme"];
    root.dataset["bsTheme"] = wanted === "light" || wanted === "dark" ? wanted : dark.matches ? "dark" : "light";
  };
  dark.addEventListener("change", paint);
  paint();
}
