import { spawnSync } from 'node:child_process'

/**
 * @typedef {object} User
 * @property {number} uid
 * @property {number} gid
 */

/**
 * PostgreSQL refuses to run as root, so root runs it as the user its package made, or as nobody. Anyone else runs it
 * as himself.
 *
 * @returns {User | undefined} undefined: as this user
 */
export function postgresUser() {
  if (process.getuid?.() !== 0) {
    return undefined
  }
  const user = userNamed('postgres') ?? userNamed('nobody')
  if (user === undefined) {
    throw new Error('PostgreSQL cannot run as root, and there is neither a user "postgres" nor "nobody".')
  }
  return user
}

/**
 * Can that user write in a folder of this user? Not below a home that is closed to others.
 *
 * @param {User} user
 * @param {string} folder
 */
export const canWrite = (user, folder) =>
  spawnSync('test', ['-w', folder], { uid: user.uid, gid: user.gid }).status === 0

/** @param {string} name @returns {User | undefined} */
function userNamed(name) {
  const id = (/** @type {string} */ flag) => spawnSync('id', [flag, name], { encoding: 'utf8' })
  const [uid, gid] = [id('-u'), id('-g')]
  return uid.status === 0 && gid.status === 0
    ? { uid: Number(uid.stdout), gid: Number(gid.stdout) }
    : undefined
}
