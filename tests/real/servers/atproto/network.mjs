// A whole Bluesky on this machine: directory, personal data server with rate limits, AppView.
// Its settings come as one JSON argument; says {"ready": true} when all of it answers.
import path from 'node:path'
import { pathToFileURL } from 'node:url'

const { modules, plc, pds, appview } = JSON.parse(process.argv[2])
const entry = path.join(modules, '@atproto/dev-env/dist/index.js')
const { TestNetwork } = await import(pathToFileURL(entry).href)

const network = await TestNetwork.create({
  plc: { port: plc },
  pds: { port: pds, hostname: 'localhost', rateLimitsEnabled: true },
  bsky: { port: appview, publicUrl: `http://localhost:${appview}` },
  dbPostgresSchema: 'bsky',
})
for (const mailer of [network.pds.ctx.mailer, network.pds.ctx.moderationMailer]) {
  if (mailer?.transporter) mailer.transporter.sendMail = async () => ({}) // nothing leaves the machine
}
process.once('SIGTERM', async () => {
  setTimeout(() => process.exit(0), 5000).unref()
  await network.close().catch(() => {})
  process.exit(0)
})
console.log(JSON.stringify({ ready: true }))
