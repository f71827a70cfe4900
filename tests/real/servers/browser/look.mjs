// Looks at a file in a real Chromium as people do: at a width, in a colour scheme, on paper, without
// script. Its orders come as one JSON argument; says what it saw as one JSON line.
import { createRequire } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

const { modules, chromium, file, width, height, scheme, script, media, axe, steps, picture, pdf } =
  JSON.parse(process.argv[2])
const require = createRequire(path.join(modules, 'package.json'))
const { chromium: engine } = require('playwright-core')

const browser = await engine.launch({ executablePath: chromium, args: ['--no-sandbox', '--disable-gpu'] })
const context = await browser.newContext({
  viewport: { width, height: height ?? 900 },
  colorScheme: scheme ?? 'light',
  reducedMotion: 'reduce',
  javaScriptEnabled: script ?? true,
  bypassCSP: false,
})
const page = await context.newPage()
const seen = { errors: [], requests: [], violations: [], values: [] }
page.on('console', (message) => {
  if (['error', 'warning'].includes(message.type())) seen.errors.push(message.text())
})
page.on('pageerror', (error) => seen.errors.push(`${error}`))
page.on('request', (request) => seen.requests.push(request.url()))
if (media) await page.emulateMedia({ media })
await page.goto(pathToFileURL(file).href, { waitUntil: 'load' })

// Playwright's own evaluation is not subject to the page's policy, what it adds to the page is.
const look = (what) => page.evaluate(what)
for (const step of steps ?? []) {
  if (step.click) await page.click(step.click)
  if (step.fill) await page.fill(step.fill[0], step.fill[1])
  if (step.press) await page.press(step.press[0], step.press[1])
  // a function that waits in the page would be forbidden by the page's policy
  while (step.wait && !(await look(step.wait))) await page.waitForTimeout(50)
  if (step.value) seen.values.push(await look(step.value))
}
seen.overflow = await look(`(() => {
  const root = document.documentElement
  return { scroll: root.scrollWidth, client: root.clientWidth }
})()`)
// Nothing stands out of the window to the right, apart from what is there for screen readers only.
seen.outside = await look(`[...document.querySelectorAll('body *')].filter((one) => {
  const box = one.getBoundingClientRect(), style = getComputedStyle(one)
  const hangs = style.whiteSpace === 'pre-wrap' ? parseFloat(style.fontSize) / 2 : 1 // a blank at a line's end
  return box.width > 1 && box.right > document.documentElement.clientWidth + hangs && style.clipPath === 'none'
}).slice(0, 5).map((one) => one.outerHTML.slice(0, 120))`)
if (axe) {
  await page.evaluate(require('node:fs').readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8'))
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
  const found = await page.evaluate((values) => globalThis.axe.run({ runOnly: { type: 'tag', values } }), tags)
  seen.violations = found.violations.map((one) => ({
    rule: one.id,
    help: one.help,
    nodes: one.nodes.slice(0, 3).map((node) => node.html.slice(0, 200)),
  }))
  seen.checked = found.passes.length
}
if (picture) await page.screenshot({ path: picture, fullPage: true })
if (pdf) await page.pdf({ path: pdf, preferCSSPageSize: true, printBackground: false })
await browser.close()
console.log(JSON.stringify(seen))
