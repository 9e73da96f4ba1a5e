import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { AndonOptions } from '@andon/core'
import { CliError, unreadableFile } from './cli-error.js'
import { exitCodes } from './exit-codes.js'

/**
 * What `andon run` runs: the options of `createAndon`, typed.
 *
 * @example
 * export default defineConfig({ channels: standardChannels(), sources: { hotline }, mode: 'advise' })
 */
export function defineConfig(options: AndonOptions): AndonOptions {
  return options
}

const configNames = ['andon.config.ts', 'andon.config.mts', 'andon.config.mjs', 'andon.config.js']

/**
 * The config of the folder we are in.
 *
 * @throws CliError exit code 2 when there is none
 */
export async function findConfig(): Promise<string> {
  for (const name of configNames) {
    if (await stat(name).catch(() => undefined)) return name
  }
  throw new CliError(
    {
      en: `There is no config in this folder (${configNames.join(', ')}): name one.`,
      zh: `当前文件夹中没有配置文件（${configNames.join('、')}）：请指定一个。`,
    },
    exitCodes.usage,
  )
}

/**
 * Loads a config module; TypeScript is read by Node itself (types are stripped, so enums and namespaces are out).
 *
 * @throws CliError exit code 2 when there is no such file, 1 when it fails or exports no options
 */
export async function loadConfig(file: string): Promise<AndonOptions> {
  const path = resolve(file)
  await stat(path).catch((cause: unknown) => {
    throw unreadableFile(file, cause)
  })
  const module: unknown = await import(/* @vite-ignore */ pathToFileURL(path).href).catch(
    (cause: unknown) => {
      const problem = cause instanceof Error ? cause.message : String(cause)
      throw invalid(`it failed to load: ${problem}`, `加载失败：${problem}`, file, cause)
    },
  )
  const options: unknown =
    typeof module === 'object' && module !== null && 'default' in module ? module.default : undefined
  if (!isOptions(options)) {
    throw invalid(
      'it must say "export default defineConfig({ channels: […] })"',
      '必须写有 “export default defineConfig({ channels: […] })”',
      file,
    )
  }
  return options
}

/** Whether it is meant as options; `createAndon` checks them strictly. */
function isOptions(value: unknown): value is AndonOptions {
  return typeof value === 'object' && value !== null && 'channels' in value
}

function invalid(en: string, zh: string, file: string, cause?: unknown): CliError {
  return new CliError(
    { en: `${file} is not a config: ${en}.`, zh: `${file} 不是有效的配置：${zh}。` },
    exitCodes.invalid,
    { cause },
  )
}
