// Preloaded: whatever the process listens on is on 127.0.0.1, for these servers have no option to say so.
import net from 'node:net'

const HOST = '127.0.0.1'
const listen = net.Server.prototype.listen

net.Server.prototype.listen = function (...given) {
  const [where, ...rest] = given
  if (where !== null && typeof where === 'object') {
    return listen.call(this, where.path ? where : { ...where, host: HOST }, ...rest)
  }
  const isPort = typeof where === 'number' || (typeof where === 'string' && /^\d+$/.test(where))
  if (isPort) {
    return listen.call(this, where, HOST, ...(typeof rest[0] === 'string' ? rest.slice(1) : rest))
  }
  return typeof where === 'string' ? listen.call(this, ...given) : listen.call(this, 0, HOST, ...given)
}
