import type { Localized } from '../text.js'

interface CodeEntry {
  readonly retryable: boolean
  readonly text: Localized
}

/**
 * The one table of error codes. Texts are templates; `{name}` is filled from the error's details.
 * A code is part of the public contract: it may gain a sibling, never a new meaning.
 */
export const errorCodes = {
  OPTIONS_INVALID: {
    retryable: false,
    text: {
      en: 'Option {option} is not valid: {problem}.',
      zh: '选项 {option} 无效：{problem}。',
    },
  },
  PLUGIN_INVALID: {
    retryable: false,
    text: {
      en: 'The {kind} "{name}" does not keep connector contract v1: {problem}.',
      zh: '{kind} “{name}” 不符合连接器契约 v1：{problem}。',
    },
  },
  RULE_INVALID: {
    retryable: false,
    text: { en: '{count} error(s) in the rules:\n{report}', zh: '规则中有 {count} 处错误：\n{report}' },
  },
  RULE_UNMATCHABLE: {
    retryable: false,
    text: {
      en: 'Rule {rule} has MATCH: no single feedback decides it. Run it with dryRun() or in the engine.',
      zh: '规则 {rule} 含有 MATCH，无法由单条反馈判定；请使用 dryRun() 或引擎运行。',
    },
  },
  POLICY_INVALID: {
    retryable: false,
    text: {
      en: '{count} problem(s) in the policy, so none of it is in force:\n{report}\nCorrect them and load it again.',
      zh: '策略中有 {count} 处问题，整份策略未生效：\n{report}\n请改正后重新加载。',
    },
  },
  NOT_STARTED: {
    retryable: false,
    text: {
      en: 'Andon is not running: call start() first, and nothing after close().',
      zh: 'Andon 未运行：请先调用 start()，close() 之后不要再调用。',
    },
  },
  NOT_FOUND: {
    retryable: false,
    text: { en: 'There is no {kind} with the id {id}.', zh: '没有 id 为 {id} 的{kind}。' },
  },
  TRANSITION_REFUSED: {
    retryable: false,
    text: {
      en: 'A {kind} that is {from} cannot become {to}.',
      zh: '{kind}处于 {from} 状态，不能变为 {to}。',
    },
  },
  SIGNATURE_REFUSED: {
    retryable: false,
    text: {
      en: 'The signature for action {action} does not count: {problem}.',
      zh: '对动作 {action} 的签字无效：{problem}。',
    },
  },
  ACTION_INVALID: {
    retryable: false,
    text: {
      en: 'Action {action} has a parameter that is not valid: {problem}.',
      zh: '动作 {action} 的参数无效：{problem}。',
    },
  },
  PROMOTION_REFUSED: {
    retryable: false,
    text: {
      en: 'The product line {line} is not promoted: {problem}',
      zh: '产品线 {line} 不能晋级：{problem}',
    },
  },
  REVIEW_REFUSED: {
    retryable: false,
    text: {
      en: 'The review of action {action} does not count: {problem}.',
      zh: '对动作 {action} 的复核无效：{problem}。',
    },
  },
  TARGET_REFUSED: {
    retryable: false,
    text: { en: 'The target {target} refused: {problem}.', zh: '目标系统 {target} 拒绝执行：{problem}。' },
  },
  TARGET_UNAVAILABLE: {
    retryable: true,
    text: {
      en: 'The target {target} did not answer as it should: {problem}.',
      zh: '目标系统 {target} 未正常应答：{problem}。',
    },
  },
  TARGET_TIMEOUT: {
    retryable: true,
    text: {
      en: 'The target {target} did not answer within {milliseconds} ms; whether the work was done is unknown.',
      zh: '目标系统 {target} 在 {milliseconds} 毫秒内没有应答；是否已执行未知。',
    },
  },
  STORE_FAILED: {
    retryable: true,
    text: { en: 'The store could not {operation}: {problem}.', zh: '存储无法{operation}：{problem}。' },
  },
  STORE_LOCKED: {
    retryable: true,
    text: {
      en: 'The store at {location} is in use by another Andon. Stop that one, or give each a folder of its own.',
      zh: '{location} 的存储正被另一个 Andon 使用。请停止它，或为每个 Andon 指定各自的文件夹。',
    },
  },
  STORE_INCOMPATIBLE: {
    retryable: false,
    text: {
      en: 'The store at {location} has schema version {found}; this release reads {expected}.',
      zh: '{location} 的存储结构版本为 {found}；本版本需要 {expected}。',
    },
  },
  MEMORY_INCOMPATIBLE: {
    retryable: false,
    text: {
      en: 'The saved memory of the detector {detector} has layout {found}; this release keeps {expected}. It is forgotten, and begins anew with the next batch.',
      zh: '检测器 {detector} 已保存的记忆为布局 {found}；本版本使用 {expected}。旧记忆已丢弃，自下一批反馈起重新积累。',
    },
  },
  CLAIM_LOST: {
    retryable: false,
    text: {
      en: 'Another worker has taken over {claim}: this one stops working on it.',
      zh: '{claim} 已由另一个工作进程接管：本进程停止处理。',
    },
  },
  RULES_SHARED: {
    retryable: false,
    text: {
      en: 'All workers of stage {stage} must have the same rules: start them anew with the changed ones.',
      zh: '{stage} 阶段的所有工作进程必须使用相同的规则：请用修改后的规则重新启动它们。',
    },
  },
  OVERLOADED: {
    retryable: true,
    text: {
      en: '{pending} payloads are waiting for the disk already (limit {limit}): await ingest() before sending more.',
      zh: '已有 {pending} 条数据等待写盘（上限 {limit}）：请等待 ingest() 完成后再发送。',
    },
  },
  SOURCE_FAILED: {
    retryable: true,
    text: { en: 'The source {source} stopped: {problem}.', zh: '数据源 {source} 已停止：{problem}。' },
  },
  SINK_FAILED: {
    retryable: true,
    text: { en: 'The sink {sink} failed: {problem}.', zh: '事件出口 {sink} 出错：{problem}。' },
  },
  BUS_FAILED: {
    retryable: true,
    text: { en: 'The bus {bus} failed: {problem}.', zh: '消息总线 {bus} 出错：{problem}。' },
  },
  ABORTED: {
    retryable: false,
    text: { en: 'The operation was cancelled.', zh: '操作已取消。' },
  },
} as const satisfies Record<string, CodeEntry>

export type ErrorCode = keyof typeof errorCodes
