/** What a store was doing when it failed, as STORE_FAILED names it, in Chinese. */
const chinese: Readonly<Record<string, string>> = {
  answer: '响应',
  'carry an action out': '执行动作',
  commit: '提交',
  'commit findings': '提交分析结果',
  'flush to disk': '写入磁盘',
  'go on': '继续运行',
  open: '打开',
  'read the journal': '读取日志',
  write: '写入',
  'write the journal': '写入日志',
}

/** The operation in Chinese; a connector's own name for it (`append`) is set apart and stays as it is. */
export function operationInChinese(operation: string): string {
  const known = chinese[operation]
  if (known !== undefined) return known
  // `open /path/andon.db`
  const [verb = '', ...rest] = operation.split(' ')
  const verbKnown = chinese[verb]
  return verbKnown === undefined || rest.length === 0 ? `执行 ${operation}` : `${verbKnown} ${rest.join(' ')}`
}
