import { defineConfig } from 'vitepress'

const guide = [
  {
    text: 'Start',
    items: [
      { text: 'What and why', link: '/' },
      { text: 'Quick start', link: '/guide/quick-start' },
      { text: 'Train a transformer', link: '/guide/example' },
      { text: 'Coming from SharedTrainingMaster', link: '/guide/swap-in' },
      { text: 'Running on Spark', link: '/guide/spark' },
      { text: 'Ranks as processes', link: '/guide/launch' },
      { text: 'Checkpoints', link: '/guide/checkpoints' },
    ],
  },
  {
    text: 'How it works',
    items: [
      { text: 'The algorithm', link: '/guide/algorithm' },
      { text: 'Architecture', link: '/guide/architecture' },
      { text: 'Transport', link: '/guide/transport' },
      { text: 'Ops and GPU kernels', link: '/guide/ops' },
      { text: 'Under faults', link: '/guide/faults' },
    ],
  },
  {
    text: 'Look up',
    items: [
      { text: 'Configuration', link: '/reference/configuration' },
      { text: 'Benchmarks', link: '/reference/benchmarks' },
      { text: 'Troubleshooting', link: '/reference/troubleshooting' },
      { text: 'What is not there yet', link: '/reference/limits' },
    ],
  },
  {
    text: 'Decisions',
    collapsed: true,
    items: [
      { text: 'All decisions', link: '/adr/' },
      { text: '1 Pure core with ports', link: '/adr/0001-pure-core-with-ports' },
      { text: '2 Updater hook', link: '/adr/0002-updater-hook' },
      { text: '3 Closed-form catch-up', link: '/adr/0003-closed-form-catch-up' },
      { text: '4 Aeron 1.46.9', link: '/adr/0004-aeron-1-46-9' },
      { text: '5 Barrier stage, no retry', link: '/adr/0005-barrier-stage-without-retry' },
      { text: '6 Mask statistic', link: '/adr/0006-mask-statistic' },
      { text: '7 Resharding residuals', link: '/adr/0007-resharding-mean-residual' },
      { text: '8 Ops by executioner', link: '/adr/0008-ops-by-executioner' },
    ],
  },
]

/** Turns [S], [I], [M] and [O] into badges: where a fact comes from. */
function originTags(md) {
  md.inline.ruler.before('link', 'origin', (state, silent) => {
    const found = /^\[([SIMO])\](?![(\[])/.exec(state.src.slice(state.pos))
    if (!found) return false
    if (!silent) state.push('html_inline', '', 0).content = `<span class="tag">${found[1]}</span>`
    state.pos += found[0].length
    return true
  })
}

export default defineConfig({
  lang: 'en',
  title: 'dl4j-scape',
  description: 'Sparse data-parallel training for Deeplearning4j',
  srcExclude: ['README.md'],
  cleanUrls: false,
  lastUpdated: false,
  head: [['link', { rel: 'icon', type: 'image/svg+xml', href: '/logo.svg' }]],
  markdown: {
    math: true,
    config: originTags,
    theme: { light: 'github-light', dark: 'github-dark' },
  },
  vite: {
    server: { fs: { allow: ['..'] } },
    build: { chunkSizeWarningLimit: 1000 },
  },
  themeConfig: {
    logo: { src: '/logo.svg', alt: '' },
    nav: [
      { text: 'Quick start', link: '/guide/quick-start' },
      { text: 'Algorithm', link: '/guide/algorithm' },
      { text: 'Configuration', link: '/reference/configuration' },
      { text: 'Benchmarks', link: '/reference/benchmarks' },
    ],
    sidebar: guide,
    outline: [2, 3],
    search: { provider: 'local' },
  },
})
