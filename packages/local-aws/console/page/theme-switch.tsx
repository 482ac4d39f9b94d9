import { useEffect, useState } from "preact/hooks";
import { listenTo } from "./commands";

const THEMES = ["system", "light", "dark"] as const;
type Theme = (typeof THEMES)[number];

/** Light, dark, or as this machine has it; remembered by this browser. */
export function ThemeSwitch() {
  const [theme, setTheme] = useState<Theme>(remembered);
  useEffect(() => {
    if (theme === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    localStorage.setItem("theme", theme);
  }, [theme]);
  const next = () => setTheme(THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? "system");
  useEffect(() => listenTo("theme", next));
  return (
    <button type="button" class="plain" onClick={next} aria-label={`Theme: ${theme}`}>
      {theme}
    </button>
  );
}

/** What was chosen the last time. */
export function remembered(): Theme {
  const stored = localStorage.getItem("theme");
  return THEMES.find((theme) => theme === stored) ?? "system";
}
