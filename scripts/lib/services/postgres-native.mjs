import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawnSync } from 'node:child_process'
import { login } from './login.mjs'
import { canWrite, postgresUser } from './user.mjs'

/**
 * A real PostgreSQL. It writes to the disk as in production: what it has acknowledged outlives a crash.
 *
 * @type {import('./native.mjs').Native}
 */
export const postgresNative = {
  name: 'postgres',
  async commands({ folder, ports }) {
    const bin = newestBin()
    if (bin === undefined) {
      throw new Error('There is no PostgreSQL server on this machine.')
    }
    const user = postgresUser()
    const data = dataFolder(folder, user)
    if (!existsSync(join(data, 'PG_VERSION'))) {
      initialise(join(bin, 'initdb'), data, user)
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
    }
    return [
      {
        name: 'postgres',
        command: join(bin, 'postgres'),
        args: ['-D', data, ...Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`])],
        cwd: data,
        log: join(folder, 'postgres.log'),
        ...(user === undefined ? {} : { user }),
      },
    ]
  },
}

/** The programs of the newest version that Debian's packages brought. */
export function newestBin() {
  const versions = '/usr/lib/postgresql'
  const newest = existsSync(versions)
    ? readdirSync(versions)
        .filter((version) => existsSync(join(versions, version, 'bin', 'initdb')))
        .sort((a, b) => Number(b) - Number(a))[0]
    : undefined
  return newest === undefined ? undefined : join(versions, newest, 'bin')
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
  if (user === undefined) {
    mkdirSync(data, { recursive: true, mode: 0o700 })
    return data
  }
  if (!existsSync(data)) {
    rmSync(data, { force: true })
    mkdirSync(data, { mode: 0o700 })
    chownSync(data, user.uid, user.gid)
    if (!canWrite(user, data)) {
      const elsewhere = mkdtempSync(join(tmpdir(), 'andon-postgres-'))
      chownSync(elsewhere, user.uid, user.gid)
      rmSync(data, { recursive: true })
      symlinkSync(elsewhere, data)
    }
  }
  return readLink(data)
}

/** @param {string} path */
function readLink(path) {
  try {
    return readlinkSync(path)
  } catch {
    return path
  }
}

/**
 * @param {string} initdb
 * @param {string} data
 * @param {import('./user.mjs').User | undefined} user
 */
function initialise(initdb, data, user) {
  // A place that the server's user reaches.
  const folder = mkdtempSync(join(tmpdir(), 'andon-initdb-'))
  try {
    const passwordFile = join(folder, 'password')
    writeFileSync(passwordFile, login.password)
    if (user !== undefined) {
      chownSync(folder, user.uid, user.gid)
    }
    const { status, stderr } = spawnSync(
      initdb,
      [
        ...['-D', data, '-U', login.user, '-E', 'UTF8', '--locale=C'],
        ...['--auth=scram-sha-256', `--pwfile=${passwordFile}`],
      ],
      { cwd: data, encoding: 'utf8', ...(user === undefined ? {} : { uid: user.uid, gid: user.gid }) },
    )
    if (status !== 0) {
      throw new Error(`initdb ended with exit code ${status}.\n${stderr}`)
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
