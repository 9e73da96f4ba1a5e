import type { Localized } from '@andon/core'

/** Everything the help says. */
export const helpTexts = {
  andon: {
    en: 'Ties customer feedback to production actions: run the loop, replay past reports, check rules and records.',
    zh: '把客户反馈与生产动作连接起来：运行闭环、回放历史反馈、检查规则与记录。',
  },
  lang: {
    en: 'language of the texts: en or zh (default: from LANG)',
    zh: '文本语言：en 或 zh（默认取自 LANG）',
  },
  json: { en: 'print JSON instead of text', zh: '输出 JSON 而不是文本' },
  help: { en: 'show this help', zh: '显示帮助' },
  version: { en: 'print the version', zh: '显示版本' },
  run: { en: 'start Andon from a config module', zh: '用配置模块启动 Andon' },
  worker: {
    en: 'start one of many processes that share a bus and a store, for the rules of one stage',
    zh: '启动共享同一总线与存储的多个工作进程之一，运行某一阶段的规则',
  },
  workerConfig: {
    en: 'module whose default export is the options of createAndon, with bus and store; default: andon.config.* here',
    zh: '默认导出 createAndon 选项（含 bus 与 store）的模块；默认为当前文件夹的 andon.config.*',
  },
  workerStage: {
    en: 'whose rules it runs; rules that name no stage are of quality',
    zh: '运行哪一阶段的规则；未指明阶段的规则属于 quality',
  },
  runConfig: {
    en: 'TypeScript or JavaScript module: export default defineConfig({…})',
    zh: 'TypeScript 或 JavaScript 模块：export default defineConfig({…})',
  },
  replay: {
    en: 'send a file of past reports through the loop, in shadow mode',
    zh: '以影子模式把历史反馈文件送入闭环',
  },
  replayFile: {
    en: 'CSV with a header line, or NDJSON (.ndjson, .jsonl, .json)',
    zh: '带表头的 CSV，或 NDJSON（.ndjson、.jsonl、.json）',
  },
  replayMap: { en: 'mapping from rows to feedback (JSON)', zh: '从行到反馈的映射（JSON）' },
  replayRules: { en: 'rule file: text, or JSON (.json)', zh: '规则文件：文本或 JSON（.json）' },
  replayData: {
    en: 'keep journal and signals in this folder (default: a temporary one)',
    zh: '把日志和信号保存在此文件夹（默认用临时文件夹）',
  },
  replayLimit: { en: 'read only the first n rows', zh: '只读取前 n 行' },
  backtest: {
    en: 'when, how often and on what rules would have fired in the past',
    zh: '规则在过去会在何时、触发多少次、针对什么',
  },
  backtestFrom: {
    en: 'journal (of the embedded store), or a file of past reports (with --map)',
    zh: 'journal（内嵌存储的日志），或历史反馈文件（配合 --map）',
  },
  backtestData: { en: 'folder of the embedded store', zh: '内嵌存储所在的文件夹' },
  detect: {
    en: 'what the detectors would have found in past reports, and how long before it became known',
    zh: '检测器在历史反馈中会发现什么，比事情公开早多久',
  },
  detectKnown: {
    en: 'file of what became known later, recalls for example: findings are compared with it',
    zh: '后来公开的事件（如召回）文件，用来与发现对照',
  },
  detectKnownMap: {
    en: 'mapping of that file (JSON): date, model and fault, as for reports',
    zh: '该文件的映射（JSON）：日期、型号与故障，写法与反馈相同',
  },
  detectDetectors: {
    en: 'names, separated by commas (default: all)',
    zh: '检测器名称，以逗号分隔（默认全部）',
  },
  rulesTest: {
    en: 'run tests of rules in virtual time: given these feedbacks, exactly these firings',
    zh: '在虚拟时间中测试规则：给定这些反馈，应当恰好有这些触发',
  },
  rulesTestFile: { en: 'test file (YAML or JSON)', zh: '测试文件（YAML 或 JSON）' },
  rulesExplain: {
    en: 'why each rule matches one feedback, or why not',
    zh: '说明每条规则为何匹配或不匹配某条反馈',
  },
  explainFeedback: {
    en: "the feedback's fields (YAML or JSON), by the rule language's names",
    zh: '反馈的各字段（YAML 或 JSON），用规则语言中的名称',
  },
  explainRule: { en: 'only this rule', zh: '只看这条规则' },
  rules: { en: 'work with rule files', zh: '处理规则文件' },
  rulesCheck: {
    en: 'check a rule file: where it is wrong and what was meant',
    zh: '检查规则文件：哪里有误，原意是什么',
  },
  checkPartitionedBy: {
    en: 'columns by which feedback is partitioned (a,b; may be repeated): warn of rules that cross partitions',
    zh: '反馈按哪些列分区（a,b；可重复）：对跨分区的规则给出警告',
  },
  reconcile: {
    en: 'how far the plant stands as Andon believes it to stand; its sources stay shut meanwhile',
    zh: '核对工厂现状与 Andon 的记录是否一致；期间不启动数据源',
  },
  reconcileTarget: {
    en: 'only these targets (a,b; may be repeated)',
    zh: '只核对这些目标系统（a,b；可重复）',
  },
  reconcilePropose: {
    en: 'propose how to put back what differs; a person has to approve each',
    zh: '对不同之处提出恢复建议，每一项都须人员批准',
  },
  audit: {
    en: 'check and export the log of what was done and decided',
    zh: '核对并导出已执行动作与已作决定的审计日志',
  },
  auditVerify: {
    en: 'whether the audit log is as it was written, and which lines are not; also while Andon runs',
    zh: '核对审计日志是否原样未变，并指出有问题的行；Andon 运行时也可使用',
  },
  auditExport: {
    en: 'the lines of the audit log as NDJSON, byte for byte; also while Andon runs',
    zh: '把审计日志逐字节导出为 NDJSON；Andon 运行时也可使用',
  },
  auditData: {
    en: 'folder of the embedded store (default: .andon)',
    zh: '内嵌存储所在的文件夹（默认 .andon）',
  },
  auditFile: { en: 'an exported log instead', zh: '改为核对已导出的日志' },
  auditTenant: { en: 'only this tenant', zh: '只看此租户' },
  auditHead: {
    en: 'a head that was kept: the log must have got so far, and to this hash',
    zh: '留存的链尾：日志必须到达该处且哈希相同',
  },
  auditOut: {
    en: 'a file that is not there yet (default: standard output)',
    zh: '尚不存在的文件（默认为标准输出）',
  },
} as const satisfies Record<string, Localized>

export const codesHelp: Localized = {
  en: `Exit codes:
  0    done (rules check: valid; rules test: all passed)
  1    the rules, the mapping or the config are not valid, a rule test failed,
       the audit log was changed, or the plant differs (reconcile)
  2    wrong use, or a file that cannot be read
  3    failed while running
  130  stopped by a signal before it was done`,
  zh: `退出码：
  0    完成（rules check：有效；rules test：全部通过）
  1    规则、映射或配置无效，规则测试未通过，
       审计日志被改动，或工厂现状与记录不同（reconcile）
  2    用法有误，或文件无法读取
  3    运行时出错
  130  完成前被信号中止`,
}

export const examples = {
  andon: [
    'andon rules check rules.sql',
    'andon replay complaints.csv --map mapping.json --rules rules.sql',
    'andon run andon.config.ts',
  ],
  run: ['andon run andon.config.ts', 'andon run andon.config.ts --json | tee events.ndjson'],
  worker: ['andon worker --stage quality', 'andon worker plant.config.ts --stage assembly --json'],
  replay: [
    'andon replay complaints.csv --map mapping.json --rules rules.sql',
    'andon replay complaints.csv --map mapping.json --rules rules.sql --limit 1000 --json',
    'andon replay 投诉.ndjson --map mapping.json --rules rules.sql --data .andon --lang zh',
  ],
  backtest: [
    'andon backtest rules.sql --from journal --data .andon',
    'andon backtest rules.sql --from complaints.csv --map mapping.json --json',
  ],
  detect: [
    'andon detect complaints.csv --map mapping.json',
    'andon detect complaints.csv --map mapping.json --known recalls.csv --known-map recalls.json',
    'andon detect 投诉.ndjson --map mapping.json --detectors emerging-issue --json --lang zh',
  ],
  reconcile: [
    'andon reconcile andon.config.ts',
    'andon reconcile andon.config.ts --target mes --propose --lang zh',
  ],
  audit: ['andon audit verify', 'andon audit export --out audit.ndjson'],
  auditVerify: [
    'andon audit verify --data .andon',
    'andon audit verify --file audit.ndjson --json',
    'andon audit verify --tenant plant-1 --head 1280:4f1c…9ab0 --lang zh',
  ],
  auditExport: [
    'andon audit export --data .andon --out audit.ndjson',
    'andon audit export --tenant plant-1 | gzip > audit.ndjson.gz',
  ],
  rules: ['andon rules check rules.sql', 'andon rules test rules.test.yaml'],
  explain: ['andon rules explain rules.sql --feedback feedback.yaml --rule critical_issue_escalation'],
  test: ['andon rules test rules.test.yaml', 'andon rules test rules.test.yaml --json --lang zh'],
  check: [
    'andon rules check rules.sql',
    'andon rules check rules.json --json --lang zh',
    'andon rules check rules.sql --partitioned-by product_model',
  ],
} as const

/** The headings that commander writes, in Chinese. */
export const headings: Readonly<Record<string, string>> = {
  'Usage:': '用法：',
  'Arguments:': '参数：',
  'Options:': '选项：',
  'Commands:': '命令：',
}
export const examplesHeading: Localized = { en: 'Examples:', zh: '示例：' }
