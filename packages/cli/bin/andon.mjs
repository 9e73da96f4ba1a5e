#!/usr/bin/env node
// npm links this file at install time, before anything is built, and starts it with whatever `node` the machine
// has. So it is plain JavaScript for Node 18 and later, and only looks for what the command itself needs.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const needed = [22, 18]
const entry = new URL('../dist/main.js', import.meta.url)

/** @param {string} version */
function isRecent(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > needed[0] || (major === needed[0] && minor >= needed[1])
}

/** The Node that the `node` package carries, in this folder's node_modules or one above. */
function pinnedNode() {
  const binary = process.platform === 'win32' ? 'node.exe' : 'node'
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', 'node', 'bin', binary)
    if (existsSync(candidate)) return candidate
    if (folder === dirname(folder)) return undefined
  }
}

async function runWithPinnedNode() {
  const pinned = pinnedNode()
  if (pinned === undefined || process.env.ANDON_NODE === pinned) {
    console.error(
      `andon needs Node ${needed.join('.')} or later; this is ${process.versions.node}. Install a newer one from nodejs.org.\n` +
        `andon 需要 Node ${needed.join('.')} 或更高版本；当前为 ${process.versions.node}。请从 nodejs.org 安装新版本。`,
    )
    return 2
  }
  const script = fileURLToPath(import.meta.url)
  const child = spawn(pinned, [...process.execArgv, script, ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, ANDON_NODE: pinned },
  })
  // The child drains and ends; this process only hands signals on and waits for it.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
  return new Promise((resolve) => {
    child.once('error', ({ message }) => {
      console.error(`andon: ${message}`)
      resolve(3)
    })
    child.once('exit', (code) => resolve(code ?? 3))
  })
}

if (!isRecent(process.versions.node)) process.exitCode = await runWithPinnedNode()
else if (existsSync(entry)) await import(entry.href)
else {
  console.error(
    'andon is not built yet: run "npm run build" in the repository first.\n' +
      'andon 尚未构建：请先在仓库中运行 “npm run build”。',
  )
  process.exitCode = 2
}
