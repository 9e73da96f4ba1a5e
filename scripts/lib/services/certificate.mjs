import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '../run.mjs'

/**
 * A certificate for this machine's own address, which clients have to be told to trust.
 *
 * @typedef {object} Certificate
 * @property {string} certificate file in PEM
 * @property {string} key file in PEM, unencrypted
 * @property {string} both file with the key and then the certificate
 */

/**
 * Made once for a set of servers. Without `openssl` there is none, and then no server encrypts.
 *
 * @param {string} folder absolute
 * @returns {Promise<Certificate | undefined>}
 */
export async function certificateIn(folder) {
  const target = join(folder, 'tls')
  const files = {
    certificate: join(target, 'certificate.pem'),
    key: join(target, 'key.pem'),
    both: join(target, 'both.pem'),
  }
  if (existsSync(files.both)) {
    return files
  }
  mkdirSync(folder, { recursive: true })
  const work = mkdtempSync(join(folder, 'tls-'))
  try {
    const [key, certificate] = [join(work, 'key.pem'), join(work, 'certificate.pem')]
    const { code } = await run('openssl', [
      ...[
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:P-256',
        '-nodes',
        '-days',
        '3650',
        '-subj',
        '/CN=localhost',
      ],
      ...['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-keyout', key, '-out', certificate],
    ])
    if (code !== 0) {
      return undefined
    }
    writeFileSync(join(work, 'both.pem'), readFileSync(key, 'utf8') + readFileSync(certificate, 'utf8'), {
      mode: 0o600,
    })
    // Whoever comes second keeps what is there.
    if (!existsSync(target)) {
      renameSync(work, target)
    }
    return files
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}
