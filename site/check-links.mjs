// Crawls the built site: every internal link, anchor, image, script and style sheet must be there; nothing may be loaded
// from elsewhere. VitePress checks links between pages when it builds, but neither anchors nor raw HTML.
// Usage: node check-links.mjs [folder]
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { Parser } from 'htmlparser2'

const root = path.resolve(process.argv[2] ?? '.vitepress/dist')
const LOADED = { img: ['src', 'srcset'], script: ['src'], link: ['href'], source: ['src', 'srcset'], iframe: ['src'] }

function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesBelow(path.join(folder, entry.name)) : [path.join(folder, entry.name)],
  )
}

/** Identifiers and references of a page. */
function read(file) {
  const page = { ids: new Set(), references: [] }
  const parser = new Parser({
    onopentag(name, attributes) {
      if (attributes.id) page.ids.add(attributes.id)
      if (name === 'a' && attributes.href !== undefined) page.references.push({ target: attributes.href, loads: false })
      for (const attribute of LOADED[name] ?? []) {
        for (const target of targets(attribute, attributes[attribute])) page.references.push({ target, loads: true })
      }
    },
  })
  parser.write(readFileSync(file, 'utf8'))
  parser.end()
  return page
}

function targets(attribute, value) {
  if (!value) return []
  return attribute === 'srcset' ? value.split(',').map((part) => part.trim().split(/\s+/)[0]) : [value]
}

const pages = new Map(filesBelow(root).filter((file) => file.endsWith('.html')).map((file) => [file, read(file)]))
const broken = []
let checked = 0

for (const [file, page] of pages) {
  for (const { target, loads } of page.references) {
    const problem = check(file, target, loads)
    if (problem) broken.push(`${path.relative(root, file)}: ${target}: ${problem}`)
  }
}

function check(file, target, loads) {
  if (target.startsWith('data:') || target.startsWith('mailto:')) return ''
  const home = new URL(`http://site.invalid/${path.relative(root, file).split(path.sep).join('/')}`)
  const url = new URL(target, home)
  if (url.host !== home.host) return loads ? 'is loaded from another host' : ''
  checked++
  let wanted = path.join(root, decodeURIComponent(url.pathname))
  if (existsSync(wanted) && statSync(wanted).isDirectory()) wanted = path.join(wanted, 'index.html')
  if (!existsSync(wanted)) return 'does not exist'
  const anchor = decodeURIComponent(url.hash.slice(1))
  return anchor && !pages.get(wanted)?.ids.has(anchor) ? 'has no such anchor' : ''
}

for (const line of broken) console.error(line)
console.log(`${pages.size} pages, ${checked} internal references, ${broken.length} broken`)
if (pages.size === 0 || checked === 0) console.error(`${root} holds no built site; run npm run build first`)
process.exit(broken.length > 0 || checked === 0 ? 1 : 0)
