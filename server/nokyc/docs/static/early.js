// Before anything is painted: the colours and the language that the reader chose.
{
  const root = document.documentElement;
  root.classList.add("js");
  try {
    const theme = localStorage.getItem("docs-theme");
    const language = localStorage.getItem("docs-language");
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    if (/^[a-z]+$/.test(language ?? "")) root.dataset.lang = language;
  } catch {
    // A browser that keeps nothing shows the defaults.
  }
}
