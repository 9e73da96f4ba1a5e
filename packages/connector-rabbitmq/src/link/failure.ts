import { problemOf } from '@andon/core/errors'

/** What went wrong, in words for whoever has to put it right. Never a secret. */
export interface Failure {
  readonly problem: string
  readonly chinese: string
  /** Trying again is useless until somebody changes something. */
  readonly permanent: boolean
}

const lasting = (problem: string, chinese: string): Failure => ({ problem, chinese, permanent: true })

const codeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined

/** There is no such queue or exchange; also what the broker says of a queue whose node is down. */
export const isNotFound = (error: unknown): boolean =>
  codeOf(error) === 404 || (error instanceof Error && error.cause !== undefined && isNotFound(error.cause))

/** A classic queue is there, on a node of the cluster that is down. */
export const isOnDeadNode = (error: unknown): boolean =>
  isNotFound(error) && /home node .* is down or inaccessible/.test(problemOf(error))

/** RabbitMQ's own words after the numbers, e.g. `inequivalent arg 'x-max-length' for queue …`. */
function brokersWords(message: string): string {
  const [, words = message] = /with message "(.*)"$/s.exec(message) ?? []
  return words
}

/** Judges an error of amqplib, of the socket or of TLS. */
export function failureOf(error: unknown): Failure {
  const message = problemOf(error)
  const code = codeOf(error)
  if (/ACCESS[-_]REFUSED.*(?:[Ll]ogin|authentication)/s.test(message)) {
    return lasting(
      'the broker refused the user or the password: check username and password, and that this user may come from another machine (guest may not)',
      '服务器拒绝了用户名或密码：请检查 username 和 password，并确认该用户允许远程登录（guest 不允许）',
    )
  }
  // amqplib keeps the broker's reason to itself here.
  if (/Expected ConnectionOpenOk; got <ConnectionClose/.test(message)) {
    return lasting(
      "the broker does not let this user into the virtual host: check the end of url, that the host exists, and the user's permission for it",
      '服务器不允许该用户访问此虚拟主机：请检查 url 末尾的 vhost、该虚拟主机是否存在以及用户权限',
    )
  }
  if (/certificate|CERT|SELF_SIGNED|ERR_TLS|wrong version number/.test(`${String(code)} ${message}`)) {
    return lasting(
      `TLS failed: ${message}; check tls.ca, tls.servername and that the port speaks TLS`,
      `TLS 失败：${message}；请检查 tls.ca、tls.servername 以及该端口是否使用 TLS`,
    )
  }
  if (code === 406 || /PRECONDITION[-_]FAILED/.test(message)) {
    return lasting(
      `it is there with other settings than these: ${brokersWords(message)}`,
      `已存在但设置不同：${brokersWords(message)}`,
    )
  }
  if (isNotFound(error)) {
    return lasting(brokersWords(message), `不存在：${brokersWords(message)}`)
  }
  if (code === 403 || /ACCESS[-_]REFUSED/.test(message)) {
    return lasting(
      `the user may not do this: ${brokersWords(message)}`,
      `该用户没有权限：${brokersWords(message)}`,
    )
  }
  return { problem: brokersWords(message), chinese: brokersWords(message), permanent: false }
}
