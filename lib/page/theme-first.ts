// Before the first paint, so no module: the theme that was chosen, where one was.
{
  const theme = localStorage.getItem('livedream-theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset['theme'] = theme;
}
