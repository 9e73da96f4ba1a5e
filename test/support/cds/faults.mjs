// Spoils the next request that fits, in front of a server that knows nothing of it.

/** @typedef {import('node:http').IncomingMessage} Incoming */
/** @typedef {import('node:http').ServerResponse} Response */
/** @typedef {{ fault: 'unavailable' | 'timeout-after-work' | 'lost-answer', method?: string, path?: string }} Waiting */

export function faults() {
  /** @type {Waiting[]} */
  const waiting = []

  /** @param {Incoming} request @param {Response} response @param {() => void} next */
  const middleware = (request, response, next) => {
    const { method = 'GET', url = '/' } = request
    const path = decodeURIComponent(url)
    const at = waiting.findIndex(
      (one) =>
        path.startsWith('/sap/opu/') &&
        !['GET', 'HEAD'].includes(method) &&
        (one.method === undefined || one.method === method) &&
        (one.path === undefined || path.includes(one.path)),
    )
    const [met] = at < 0 ? [] : waiting.splice(at, 1)
    if (met === undefined) return next()
    if (met.fault === 'unavailable') {
      response.writeHead(503, { 'content-type': 'text/html' }).end('<html>Service unavailable</html>')
      return
    }
    swallow(request, response, met.fault === 'lost-answer')
    next()
  }
  return { middleware, /** @param {Waiting} one */ add: (one) => waiting.push(one) }
}

/**
 * Lets the work be done and keeps the answer: then the connection is cut, or stays silent.
 *
 * @param {Incoming} request
 * @param {Response} response
 * @param {boolean} cut
 */
function swallow(request, response, cut) {
  response.write = () => true
  response.end = () => {
    if (cut) request.socket.destroy()
    return response
  }
}
