// Code in READMEs and docs is compiled against the built packages in one go, and what is marked to run is run.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pagesIn, programsIn } from './lib/doc-code.mjs'
import { inParallel } from './lib/in-parallel.mjs'
import { inRoot, pinnedNode, root } from './lib/root.mjs'
import { run } from './lib/run.mjs'
import { workspaces } from './lib/workspaces.mjs'

const pages = pagesIn(
  root,
  workspaces().map(({ folder }) => folder),
)
const programs = programsIn(root, pages)
// Inside the repository, so that imports find the workspaces, and outside of node_modules, where Node strips no types.
mkdirSync(inRoot('.cache'), { recursive: true })
const work = mkdtempSync(inRoot('.cache', 'doc-code-'))
try {
  for (const { file, code } of programs) {
    writeFileSync(join(work, file), code)
  }
  const compilerOptions = { noEmit: true, noUnusedLocals: false, noUnusedParameters: false }
  const config = { extends: '../../tsconfig.base.json', compilerOptions, include: ['*.ts'] }
  writeFileSync(join(work, 'tsconfig.json'), JSON.stringify(config))
  const problems = [...(await compile()), ...(await runMarked())]
  for (const problem of problems) {
    console.log(inPages(problem))
  }
  const ran = programs.filter((program) => program.run).length
  console.log(
    `${pages.length} page(s), ${programs.length} program(s) compiled, ${ran} run, ${problems.length} problem(s).`,
  )
  process.exitCode = problems.length === 0 ? 0 : 1
} finally {
  rmSync(work, { recursive: true, force: true })
}

/** @returns {Promise<string[]>} */
async function compile() {
  if (programs.length === 0) {
    return []
  }
  const { code, output } = await run('tsc', ['-p', work, '--pretty', 'false'])
  return code === 0 ? [] : [output.trimEnd()]
}

async function runMarked() {
  const marked = programs.filter((program) => program.run)
  const results = await inParallel(marked, 2, async (program) => ({
    program,
    // Each has its own folder to live in: an example may write files.
    ...(await run(pinnedNode, ['--disable-warning=ExperimentalWarning', join(work, program.file)], {
      cwd: mkdtempSync(join(work, 'run-')),
      timeout: 60_000,
    })),
  }))
  return results
    .filter(({ code }) => code !== 0)
    .map(
      ({ program, code, output }) =>
        `${program.file}(1,1): ended with exit code ${code}\n${output.trimEnd()}`,
    )
}

/** Names the page and its line instead of the generated file. @param {string} text */
function inPages(text) {
  return text.replace(/[^\s(]*?([\w-]+\.ts)\((\d+),(\d+)\)/g, (whole, file, line, column) => {
    const program = programs.find((candidate) => candidate.file === file)
    return program === undefined ? whole : `${program.page}:${program.line + Number(line) - 1}:${column}`
  })
}
