import { existsSync } from 'node:fs'
import { run } from '../run.mjs'
import { Unavailable } from './unavailable.mjs'

/**
 * Installs Debian packages as root. The servers that packages start by themselves, on the default ports, stay off:
 * now, and at the next start of the machine. What was installed before is left as it is.
 */
const script = `set -e
export DEBIAN_FRONTEND=noninteractive
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\\nexit 101\\n' > "$policy"
  chmod 755 "$policy"
  trap 'rm -f "$policy"' EXIT
fi
before=$(ls /etc/init.d)
apt-get update -q || echo 'Going on with the lists that are there.'
apt-get install -q -y --no-install-recommends -o DPkg::Lock::Timeout=300 "$@"
for service in postgresql rabbitmq-server; do
  if [ -e "/etc/init.d/$service" ] && ! echo "$before" | grep -qx "$service"; then
    update-rc.d "$service" disable || true
  fi
done
`

/**
 * @param {readonly string[]} packages
 * @param {(line: string) => void} report
 */
export async function installPackages(packages, report) {
  const names = packages.join(' ')
  if (!existsSync('/usr/bin/apt-get')) {
    throw new Unavailable(`not installed: ${names}; and there is no apt-get to install with`)
  }
  const shell = ['sh', '-c', script, 'install', ...packages]
  const asRoot = process.getuid?.() === 0 ? shell : ['sudo', '-n', ...shell]
  if (asRoot !== shell && (await run('sudo', ['-n', 'true'])).code !== 0) {
    throw new Unavailable(
      `not installed: ${names}. As root: apt-get install --no-install-recommends ${names}`,
    )
  }
  report(`installing ${names} …`)
  const [command = '', ...args] = asRoot
  const { code, output } = await run(command, args, { timeout: 900_000 })
  if (code !== 0) {
    throw new Unavailable(`apt-get could not install ${names}:\n${lastLines(output)}`)
  }
}

/** @param {string} text */
const lastLines = (text) => text.trimEnd().split('\n').slice(-15).join('\n')
