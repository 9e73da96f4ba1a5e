import type { Locale, Localized } from '@andon/core'
import { type StageName, stageNames } from '@andon/core/rule'
import { Command, InvalidArgumentError, Option } from 'commander'
import { type AuditExportCommand, auditExport } from './commands/audit-export.js'
import { type AuditVerifyCommand, auditVerify, type KeptHead } from './commands/audit-verify.js'
import { backtestCommand } from './commands/backtest.js'
import { type DetectCommand, detectCommand } from './commands/detect.js'
import { type ReconcileCommand, reconcileCommand } from './commands/reconcile.js'
import { replayCommand } from './commands/replay.js'
import { rulesCheck } from './commands/rules-check.js'
import { rulesExplain } from './commands/rules-explain.js'
import { rulesTest } from './commands/rules-test.js'
import { runCommand } from './commands/run.js'
import { workerCommand } from './commands/worker.js'
import { type CommandContext, commandContext } from './context.js'
import type { ExitCode } from './exit-codes.js'
import { codesHelp, examples, examplesHeading, headings, helpTexts } from './help-texts.js'
import type { Io } from './io.js'
import { paintFor } from './paint.js'
import { usageError } from './usage-error.js'
import { packageVersion } from './version.js'

interface CommonOptions {
  readonly json?: true
}

/** The command tree; `done` gets the exit code of the command that ran. */
export function buildProgram(io: Io, locale: Locale, done: (code: ExitCode) => void): Command {
  const say = (text: Localized): string => text[locale]
  const paint = paintFor(io.out, io.env)
  const context = ({ json }: CommonOptions): CommandContext => commandContext(io, locale, json === true)

  /** What every command has: its help in the person's language, examples, the exit codes, --lang. */
  const dressed = (command: Command, about: Localized, shown: readonly string[]): Command =>
    command
      .description(say(about))
      .option('--lang <en|zh>', say(helpTexts.lang), languageOf)
      .helpOption('-h, --help', say(helpTexts.help))
      .helpCommand(false)
      .configureHelp({
        helpWidth: Math.min(io.out.width, 110),
        styleTitle: (title) => paint(locale === 'zh' ? (headings[title] ?? title) : title, 'bold'),
      })
      .configureOutput({
        writeOut: (text) => io.out.write(text),
        writeErr: (text) => io.err.write(text),
        outputError: (text, write) => write(usageError(text, locale)),
        getOutHasColors: () => true,
        getErrHasColors: () => true,
      })
      .addHelpText(
        'after',
        `\n${paint(say(examplesHeading), 'bold')}\n${shown.map((line) => `  ${line}`).join('\n')}\n\n${say(codesHelp)}`,
      )
      .showSuggestionAfterError(true)
      .allowExcessArguments(false)
      .exitOverride()

  const program = dressed(new Command('andon'), helpTexts.andon, examples.andon)
    .version(packageVersion(), '-V, --version', say(helpTexts.version))
    .helpCommand('help [command]', say(helpTexts.help))

  dressed(program.command('run'), helpTexts.run, examples.run)
    .argument('<config>', say(helpTexts.runConfig))
    .option('--json', say(helpTexts.json))
    .action(async (file: string, options: CommonOptions) => done(await runCommand(file, context(options))))

  dressed(program.command('worker'), helpTexts.worker, examples.worker)
    .argument('[config]', say(helpTexts.workerConfig))
    .addOption(new Option('--stage <name>', say(helpTexts.workerStage)).choices(stageNames))
    .option('--json', say(helpTexts.json))
    .action(async (file: string | undefined, options: CommonOptions & { readonly stage?: StageName }) =>
      done(await workerCommand(file, options, context(options))),
    )

  dressed(program.command('replay'), helpTexts.replay, examples.replay)
    .argument('<file>', say(helpTexts.replayFile))
    .requiredOption('--map <file>', say(helpTexts.replayMap))
    .requiredOption('--rules <file>', say(helpTexts.replayRules))
    .option('--data <folder>', say(helpTexts.replayData))
    .option('--limit <n>', say(helpTexts.replayLimit), (text) => countOf(text, locale))
    .option('--json', say(helpTexts.json))
    .action(async (file: string, options: CommonOptions & ReplayOptions) =>
      done(await replayCommand({ file, ...options }, context(options))),
    )

  dressed(program.command('backtest'), helpTexts.backtest, examples.backtest)
    .argument('<rules>', say(helpTexts.replayRules))
    .requiredOption('--from <journal|file>', say(helpTexts.backtestFrom))
    .option('--map <file>', say(helpTexts.replayMap))
    .option('--data <folder>', say(helpTexts.backtestData), '.andon')
    .option('--json', say(helpTexts.json))
    .action(async (file: string, options: CommonOptions & BacktestOptions) =>
      done(await backtestCommand({ rules: file, ...options }, context(options))),
    )

  dressed(program.command('detect'), helpTexts.detect, examples.detect)
    .argument('<file>', say(helpTexts.replayFile))
    .requiredOption('--map <file>', say(helpTexts.replayMap))
    .option('--known <file>', say(helpTexts.detectKnown))
    .option('--known-map <file>', say(helpTexts.detectKnownMap))
    .option('--detectors <names>', say(helpTexts.detectDetectors), namesOf)
    .option('--limit <n>', say(helpTexts.replayLimit), (text) => countOf(text, locale))
    .option('--json', say(helpTexts.json))
    .action(async (file: string, options: CommonOptions & Omit<DetectCommand, 'file'>) =>
      done(await detectCommand({ file, ...options }, context(options))),
    )

  const rules = dressed(program.command('rules'), helpTexts.rules, examples.rules)
  dressed(rules.command('check'), helpTexts.rulesCheck, examples.check)
    .argument('<file>', say(helpTexts.replayRules))
    .option('--partitioned-by <columns>', say(helpTexts.checkPartitionedBy), namesOf)
    .option('--json', say(helpTexts.json))
    .action(async (file: string, options: CommonOptions & CheckOptions) =>
      done(await rulesCheck({ file, ...options }, context(options))),
    )

  dressed(rules.command('test'), helpTexts.rulesTest, examples.test)
    .argument('<file>', say(helpTexts.rulesTestFile))
    .option('--json', say(helpTexts.json))
    .action(async (file: string, options: CommonOptions) => done(await rulesTest(file, context(options))))

  dressed(rules.command('explain'), helpTexts.rulesExplain, examples.explain)
    .argument('<file>', say(helpTexts.replayRules))
    .requiredOption('--feedback <file>', say(helpTexts.explainFeedback))
    .option('--rule <name>', say(helpTexts.explainRule))
    .option('--json', say(helpTexts.json))
    .action(async (file: string, options: CommonOptions & ExplainOptions) =>
      done(await rulesExplain({ file, ...options }, context(options))),
    )

  const audit = dressed(program.command('audit'), helpTexts.audit, examples.audit)
  dressed(audit.command('verify'), helpTexts.auditVerify, examples.auditVerify)
    .option('--data <folder>', say(helpTexts.auditData))
    .option('--file <ndjson>', say(helpTexts.auditFile))
    .option('--tenant <name>', say(helpTexts.auditTenant))
    .option('--head <sequence:hash>', say(helpTexts.auditHead), (text) => headOf(text, locale))
    .option('--json', say(helpTexts.json))
    .action(async (options: CommonOptions & AuditVerifyCommand) =>
      done(await auditVerify(options, context(options))),
    )

  dressed(audit.command('export'), helpTexts.auditExport, examples.auditExport)
    .option('--data <folder>', say(helpTexts.auditData))
    .option('--tenant <name>', say(helpTexts.auditTenant))
    .option('--out <file>', say(helpTexts.auditOut))
    .action(async (options: AuditExportCommand) => done(await auditExport(options, context({}))))

  dressed(program.command('reconcile'), helpTexts.reconcile, examples.reconcile)
    .argument('<config>', say(helpTexts.runConfig))
    .option('--target <names>', say(helpTexts.reconcileTarget), namesOf)
    .option('--propose', say(helpTexts.reconcilePropose))
    .option('--json', say(helpTexts.json))
    .action(async (file: string, options: CommonOptions & ReconcileCommand) =>
      done(await reconcileCommand(file, options, context(options))),
    )

  return program
}

interface CheckOptions {
  readonly partitionedBy?: readonly string[]
}

interface ReplayOptions {
  readonly map: string
  readonly rules: string
  readonly data?: string
  readonly limit?: number
}

interface ExplainOptions {
  readonly feedback: string
  readonly rule?: string
}

interface BacktestOptions {
  readonly from: string
  readonly data: string
  readonly map?: string
}

function languageOf(text: string): string {
  if (/^(?:en|zh)(?:[-_].*)?$/i.test(text)) return text
  throw new InvalidArgumentError('en, zh')
}

/** `--partitioned-by a,b --partitioned-by c` is a, b and c. */
function namesOf(text: string, before: readonly string[] = []): readonly string[] {
  const names = text.split(',').map((name) => name.trim())
  return [...before, ...names.filter((name) => name !== '')]
}

function countOf(text: string, locale: Locale): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text)
  throw new InvalidArgumentError(locale === 'zh' ? '应为正整数' : 'It must be a whole number above 0.')
}

function headOf(text: string, locale: Locale): KeptHead {
  const [, sequence, hash] = /^([1-9]\d{0,14}):([0-9a-f]{64})$/i.exec(text) ?? []
  if (sequence !== undefined && hash !== undefined)
    return { sequence: Number(sequence), hash: hash.toLowerCase() }
  throw new InvalidArgumentError(
    locale === 'zh'
      ? '应为 “编号:哈希”，哈希为 64 位十六进制数'
      : 'It must be <number>:<hash>, the hash with 64 hexadecimal digits.',
  )
}
