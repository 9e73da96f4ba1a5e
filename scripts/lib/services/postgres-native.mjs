import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { login } from './names.mjs'
import { canWrite, postgresUser } from './user.mjs'

/**
 * A real PostgreSQL. It writes to the disk as in production: what it has acknowledged outlives a crash.
 *
 * @type {import('./native.mjs').Native}
 */
export const postgresNative = {
  missingPackages: async () => (newestPrograms() === undefined ? ['postgresql'] : []),
  async commands({ folder, ports, certificate }) {
    const programs = newestPrograms() ?? ''
    const user = postgresUser()
    const data = dataFolder(folder, user)
    if (!existsSync(join(data, 'PG_VERSION'))) {
      initialise(programs, data, user)
    }
    // Left by a kill; its number may belong to another process by now. That ours has ended is known here.
    rmSync(join(data, 'postmaster.pid'), { force: true })
    const settings = {
      listen_addresses: '127.0.0.1',
      port: ports.postgres,
      unix_socket_directories: '',
      max_connections: 200,
      shared_buffers: '64MB',
      log_timezone: 'UTC',
      ...(certificate === undefined ? {} : encryption(data, certificate, user)),
    }
    const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
    return [
      {
        name: 'postgres',
        command: join(programs, 'postgres'),
        args: ['-D', data, ...args],
        cwd: data,
        ...(user === undefined ? {} : { user }),
      },
    ]
  },
  // SIGTERM would wait for its clients.
  stopSignal: 'SIGINT',
}

/** The programs of the newest version that Debian's packages brought. */
function newestPrograms() {
  const versions = '/usr/lib/postgresql'
  return (existsSync(versions) ? readdirSync(versions) : [])
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(versions, version, 'bin'))
    .find((programs) => existsSync(join(programs, 'initdb')))
}

/**
 * A folder that the server's user owns and reaches: below a home that is closed to others it does not, so then the
 * data lies in the folder for temporary files.
 *
 * @param {string} folder
 * @param {import('./user.mjs').User | undefined} user
 */
function dataFolder(folder, user) {
  const data = join(folder, 'data')
  if (!existsSync(data)) {
    // May be a link to what is no more.
    rmSync(data, { force: true })
    mkdirSync(data, { mode: 0o700 })
    if (user !== undefined) {
      chownSync(data, user.uid, user.gid)
      if (!canWrite(user, data)) {
        rmSync(data, { recursive: true })
        symlinkSync(folderFor(user), data)
      }
    }
  }
  return realpathSync(data)
}

/** A new folder that the server's user reaches. @param {import('./user.mjs').User | undefined} user */
function folderFor(user) {
  const folder = mkdtempSync(join(tmpdir(), 'andon-postgres-'))
  if (user !== undefined) {
    chownSync(folder, user.uid, user.gid)
  }
  return folder
}

/**
 * @param {string} programs
 * @param {string} data
 * @param {import('./user.mjs').User | undefined} user
 */
function initialise(programs, data, user) {
  const folder = folderFor(user)
  const call = (/** @type {string} */ program, /** @type {string[]} */ args, input = '') => {
    const { status, stderr, error } = spawnSync(join(programs, program), args, {
      cwd: data,
      input,
      encoding: 'utf8',
      ...user,
    })
    if (status !== 0) {
      throw new Error(`${program} ended with exit code ${status}.\n${error?.message ?? stderr}`)
    }
  }
  try {
    const password = join(folder, 'password')
    writeFileSync(password, login.password)
    call('initdb', [
      ...['-D', data, '-U', login.user, '-E', 'UTF8', '--locale=C'],
      ...['--auth=scram-sha-256', `--pwfile=${password}`],
    ])
    call('postgres', ['--single', '-D', data, 'postgres'], `CREATE DATABASE ${login.database}\n`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * The server takes a key only from a file of its own user that nobody else reads.
 *
 * @param {string} data
 * @param {import('./certificate.mjs').Certificate} certificate
 * @param {import('./user.mjs').User | undefined} user
 */
function encryption(data, { certificate, key }, user) {
  for (const [from, name] of [
    [certificate, 'server.crt'],
    [key, 'server.key'],
  ]) {
    const file = join(data, String(name))
    rmSync(file, { force: true })
    copyFileSync(String(from), file)
    chmodSync(file, 0o600)
    if (user !== undefined) {
      chownSync(file, user.uid, user.gid)
    }
  }
  return { ssl: 'on' }
}
