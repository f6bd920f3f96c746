/**
 * Code blocks of lessons, hints and solutions. The title of a fence says where the code belongs:
 * ```bash title="server"   or title="desk": typed on that machine; the page offers to type it there
 * ```ini title="/etc/postfix/main.cf"   any other title: a file's name
 */
import {
  type AstroExpressiveCodeOptions,
  type ExpressiveCodePlugin,
  ExpressiveCodeTheme,
} from 'astro-expressive-code'
import { h } from 'astro-expressive-code/hast'
import { isMachine } from '../data/machines.ts'
import { isLang, t } from '../i18n/index.ts'

const rule = (scope: string[], foreground: string, fontStyle?: string) => ({
  scope,
  settings: { foreground, ...(fontStyle ? { fontStyle } : {}) },
})

/** Few colours, as a printer with two inks would: the code is ink, comments step back, strings stand out. */
function inks(
  name: string,
  type: 'light' | 'dark',
  c: Record<'paper' | 'ink' | 'faint' | 'text' | 'word', string>,
) {
  return new ExpressiveCodeTheme({
    name,
    type,
    colors: { 'editor.background': c.paper, 'editor.foreground': c.ink },
    settings: [
      rule(['comment', 'punctuation.definition.comment'], c.faint, 'italic'),
      rule(['string', 'constant.other.symbol', 'markup.inline.raw'], c.text),
      rule(['keyword', 'storage', 'support.function', 'entity.name.section', 'entity.name.tag'], c.word),
      rule(['variable', 'constant', 'entity.name.function', 'support', 'punctuation'], c.ink),
    ],
  })
}

/** The block's frame: a label for the machine or the file, and the element that adds the buttons. */
const labels: ExpressiveCodePlugin = {
  name: 'labels',
  hooks: {
    preprocessMetadata: ({ codeBlock }) => {
      const title = codeBlock.metaOptions.getString('title')
      if (title) codeBlock.props.title = title
    },
    postprocessRenderedBlock: ({ codeBlock, renderData, locale }) => {
      const title = codeBlock.props.title ?? ''
      const machine = isMachine(title) ? title : undefined
      const label = machine && isLang(locale) ? t(locale).machine[machine] : title
      renderData.blockAst = h('lab-code', machine ? { machine } : {}, [
        h('div', { className: ['code-head', ...(machine ? [`on-${machine}`] : [])] }, [
          h('span', { className: machine ? 'code-machine' : 'code-title' }, label),
        ]),
        renderData.blockAst,
      ])
    },
  },
}

export const codeOptions: AstroExpressiveCodeOptions = {
  themes: [
    inks('ink-on-paper', 'light', {
      paper: '#f8fafb',
      ink: '#1b2740',
      faint: '#5a6679',
      text: '#15624a',
      word: '#23468c',
    }),
    inks('paper-on-ink', 'dark', {
      paper: '#1b2333',
      ink: '#dfe5ec',
      faint: '#98a4b6',
      text: '#86cfae',
      word: '#9dbdf5',
    }),
  ],
  themeCssSelector: theme => `[data-theme='${theme.type}']`,
  useDarkModeMediaQuery: true,
  frames: false,
  plugins: [labels],
  // A command or a log line that runs out of the frame is half unread: it wraps, and its end hangs.
  defaultProps: { wrap: true, hangingIndent: 2 },
  // The inks above are chosen for contrast; the correction would measure them against a transparent ground.
  minSyntaxHighlightingColorContrast: 0,
  getBlockLocale: ({ file }) => (/\.fr\.mdx?$/.test(file.path ?? file.url?.pathname ?? '') ? 'fr' : 'en'),
  useStyleReset: false,
  styleOverrides: {
    borderWidth: '0',
    borderRadius: '0',
    codeFontFamily: 'var(--font-mono)',
    codeFontSize: '0.875rem',
    codeLineHeight: '1.6',
    codePaddingBlock: '0.8rem',
    codePaddingInline: '1rem',
    codeBackground: 'transparent',
    uiFontFamily: 'var(--font-sans)',
    focusBorder: 'var(--focus)',
  },
}
