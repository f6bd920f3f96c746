/* The root of the site has no text of its own: it leads to the language that one chose, or that the browser asks for. */
;(() => {
  let chosen = null
  try {
    chosen = localStorage.getItem('ten-steps.lang')
  } catch {
    // Without storage the browser's own wish decides.
  }
  const wished = navigator.languages
    .map(lang => lang.slice(0, 2))
    .find(lang => lang === 'en' || lang === 'fr')
  const lang = chosen === 'en' || chosen === 'fr' ? chosen : (wished ?? 'en')
  location.replace(`/${lang}/${location.hash}`)
})()
