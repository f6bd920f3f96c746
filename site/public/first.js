/*
 * Runs before the page is drawn, so that nothing flashes: the chosen colours, the panes one had hidden and
 * their sizes. A file of its own because the security policy allows no script inside a page.
 */
;(() => {
  const root = document.documentElement
  root.dataset.scripts = ''
  const remembered = key => {
    try {
      return localStorage.getItem(`ten-steps.${key}`)
    } catch {
      return null
    }
  }
  const dark = matchMedia('(prefers-color-scheme: dark)')
  const paint = () => {
    const chosen = remembered('theme')
    root.dataset.theme = chosen === 'light' || chosen === 'dark' ? chosen : dark.matches ? 'dark' : 'light'
  }
  paint()
  dark.addEventListener('change', paint)

  const hidden = remembered('hidden-panes')
  if (hidden) root.dataset.hiddenPanes = hidden
  for (const name of ['columns', 'rows']) {
    const share = Number.parseFloat(remembered(`split-${name}`) ?? '')
    if (share >= 20 && share <= 80) root.style.setProperty(`--split-${name}`, `${share}%`)
  }
})()
