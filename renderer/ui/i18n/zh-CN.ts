/** Words that both windows use, in Chinese. The English catalogue has the same keys. */
import type { ErrorKind } from '../../../shared/domain/errors.ts';
import type { Words } from './words.ts';

const errors = {
  'bad-input': {
    what: '填写的内容不符合要求。',
    safe: '这次操作没有执行，已有内容不受影响。',
    do: '请检查标出的内容，改好后再试。',
  },
  'wrong-state': {
    what: '现在这一步不能做这个操作。',
    safe: '办理仍停在原来的步骤，什么都没有改变。',
    do: '请按屏幕上当前的步骤继续。',
  },
  forbidden: {
    what: '这个操作不在权限之内。',
    safe: '系统已拒绝，没有任何内容被打开。',
    do: '如确有需要，请联系值班经理。',
  },
  'not-signed-in': {
    what: '还没有人登录这个柜台。',
    safe: '没有登录时，任何查询都不会发出。',
    do: '请用工号和口令登录。',
  },
  'sign-in-refused': {
    what: '工号或口令不正确。',
    safe: '柜台没有打开，客户资料不受影响。',
    do: '请核对后重新输入。忘记口令请找管理员重置。',
  },
  'pin-refused': {
    what: '口令不正确，屏幕没有切换。',
    safe: '客户的内容没有显示给别人。',
    do: '请登录本柜台的营业员重新输入口令。',
  },
  'too-many-tries': {
    what: '尝试次数已用完，暂时不能再试。',
    safe: '为保护客户，系统已停止接受输入，没有内容泄露。',
    do: '请稍后再来，或按营业厅规定改用其他方式核实。',
  },
  'staff-session-expired': {
    what: '登录已到期。',
    safe: '已经保存的记录都在，没有新的查询发出。',
    do: '请重新登录后继续。',
  },
  'central-unreachable': {
    what: '暂时连不上中心系统。',
    safe: '没有丢失任何内容。如果已经签名，签名保存在本机，不用重签。',
    do: '请稍等后重试。多次不行，请把代码告诉信息技术人员。',
  },
  'central-refused': {
    what: '中心系统没有同意这次请求。',
    safe: '没有任何记录被取出。',
    do: '请核对授权范围。仍不清楚时，请把代码告诉信息技术人员。',
  },
  'central-failed': {
    what: '中心系统处理时出了问题。',
    safe: '已做完的步骤都保留着，没有记录被取出。',
    do: '请稍后重试。多次不行，请把代码告诉信息技术人员。',
  },
  'central-garbage': {
    what: '收到的回答看不懂，已经丢弃。',
    safe: '不完整的内容没有显示，也没有保存。',
    do: '请重试一次。再次出现，请把代码告诉信息技术人员。',
  },
  'central-untrusted': {
    what: '对方没能证明自己是中心系统。',
    safe: '柜台已拒绝连接，没有发出任何客户资料。',
    do: '请停止办理，并立刻把代码告诉信息技术人员。',
  },
  'not-enrolled': {
    what: '这台柜台还没有登记。',
    safe: '未登记的柜台不能查询任何记录。',
    do: '请信息技术人员完成登记。',
  },
  'unknown-subscriber': {
    what: '查不到这个号码。',
    safe: '没有查询任何记录。',
    do: '请与客户核对号码，然后重新开始。',
  },
  'identity-failed': {
    what: '身份没有核对上。',
    safe: '没有打开任何记录。',
    do: '请客户慢慢再输一次。',
  },
  'code-expired': {
    what: '验证码已经过期。',
    safe: '过期的验证码不能用，没有打开任何记录。',
    do: '请客户重新获取验证码。',
  },
  'identity-expired': {
    what: '身份核验的有效时间已过。',
    safe: '没有打开任何内容。',
    do: '请重新办理一次，再核验身份。',
  },
  'period-too-long': {
    what: '时间范围超过了规定的最长期限。',
    safe: '没有查询任何记录。',
    do: '请把开始日期改近一些。',
  },
  'period-not-valid': {
    what: '时间范围不对：开始要早于结束，结束不能晚于今天。',
    safe: '没有查询任何记录。',
    do: '请改好日期后再开始。',
  },
  'policy-changed': {
    what: '办理期间，告知书换了新版本。',
    safe: '按旧版本签的内容不会被使用。',
    do: '请从头办理，让客户阅读新的告知书。',
  },
  'policy-expired': {
    what: '现用的告知书已过复核日期，不能使用。',
    safe: '没有向客户出示过期的告知书。',
    do: '请联系管理员更新告知书，今天先不要办理查询。',
  },
  'consent-required': {
    what: '还没有客户的同意，不能查询。',
    safe: '没有查询任何记录。',
    do: '请客户在自己的屏幕上阅读、选择并签名。',
  },
  'consent-rejected': {
    what: '这份同意没有通过核对。',
    safe: '没有按这份同意取出任何记录。',
    do: '请结束这次办理，再从头开始。',
  },
  'consent-expired': {
    what: '这份同意已经到期。',
    safe: '记录已经关闭，密钥已经销毁。',
    do: '如果客户还需要，请从头办理一次。',
  },
  'scope-exceeded': {
    what: '要求的内容超出了客户同意的范围。',
    safe: '系统已拒绝，范围外的记录没有打开。',
    do: '请只在客户同意的范围内办理。',
  },
  'withdrawal-code-unknown': {
    what: '没有与这个代码对应的同意。',
    safe: '没有撤回任何内容，也没有任何改动。',
    do: '请与回执上的代码核对。如果同意是在断网的柜台办的，请稍后再试。',
  },
  'witness-refused': {
    what: '见证没有成功。',
    safe: '客户的签名还在，没有提交。',
    do: '见证人必须是另一位在场的同事，工号和口令都要对。请由本人再输一次。',
  },
  'representation-refused': {
    what: '现行规定不接受这样代办。',
    safe: '没有查询任何记录。',
    do: '请核对代办方式、证件材料、用途和机主年龄，更正后重新开始。',
  },
  'signature-empty': {
    what: '签名太短，看不出是签名。',
    safe: '没有提交任何内容。',
    do: '请客户在签名区重新签写姓名。',
  },
  'manifest-rejected': {
    what: '收到的记录清单与客户的同意对不上。',
    safe: '清单已经丢弃，没有打开任何记录。',
    do: '请结束办理，并把代码告诉信息技术人员。',
  },
  'records-incomplete': {
    what: '收到的记录不完整，数目对不上。',
    safe: '不完整的记录没有显示，以免造成误解。',
    do: '请重试。再次出现，请把代码告诉信息技术人员。',
  },
  'page-unreadable': {
    what: '有一部分记录打不开。',
    safe: '打不开的部分没有显示，其余没有改动。',
    do: '请重试。再次出现，请把代码告诉信息技术人员。',
  },
  'not-released': {
    what: '客户没有出示这条记录。',
    safe: '内容仍然只在客户的屏幕上。',
    do: '如确有需要，请当面问客户是否愿意出示。',
  },
  'held-damaged': {
    what: '留存的记录文件损坏或被换过，打不开。',
    safe: '没有打开任何内容，留存的文件已经销毁。',
    do: '客户还需要的，请重新办理一次查询，并把代码告诉信息技术人员。',
  },
  'held-ended': {
    what: '留存已经结束：到期、办结，或客户已取消。',
    safe: '没有打开任何内容，留存的文件已经或正在销毁。',
    do: '客户还需要的，请重新办理一次查询。',
  },
  'report-failed': {
    what: '报告没有生成。',
    safe: '记录和授权都没有变化。',
    do: '请重试。多次不行，请把代码告诉信息技术人员。',
  },
  'save-failed': {
    what: '没有保存成功。',
    safe: '内容还在，没有留下半份文件。',
    do: '请检查存储盘或打印机，然后重试。',
  },
  'audit-failed': {
    what: '办理记录没有写成，或与中心保存的记录对不上，所以停止办理。',
    safe: '没有留痕的操作一律不执行。',
    do: '请停止办理，并把代码告诉信息技术人员。',
  },
  'storage-failed': {
    what: '本机存储出了问题。',
    safe: '没有保存成功的内容不会被使用。',
    do: '请重试。再次出现，请把代码告诉信息技术人员。',
  },
  'erase-failed': {
    what: '清除还没有完成。',
    safe: '密钥已先行销毁，剩下的内容无法读取。',
    do: '请重试，完成之前不要离开柜台。',
  },
  internal: {
    what: '程序出了意外的问题。',
    safe: '遇到不明情况，系统一律拒绝，没有打开任何记录。',
    do: '请结束这次办理。再次出现，请把代码告诉信息技术人员。',
  },
} as const satisfies Record<ErrorKind, Words>;

export const zhCN = {
  product: '知情台',
  language: { 'zh-CN': '中文', en: 'English', label: '语言' },
  category: { sms: '短信', call: '通话', transaction: '业务办理' },
  categoryRecords: { sms: '短信记录', call: '通话记录', transaction: '业务办理记录' },
  purpose: {
    'own-copy': '本人备查',
    'bill-dispute': '核对话费',
    nuisance: '骚扰来电或短信',
    'fraud-suspected': '疑似诈骗',
    'service-advice': '服务建议',
  },
  outcome: {
    completed: '已完成',
    refused: '客户不同意',
    'not-my-number': '不是本人号码',
    'identity-failed': '身份未通过',
    'not-understood': '未理解告知书',
    stopped: '客户中途停止',
    abandoned: '客户离开',
    expired: '授权到期',
    withdrawn: '已撤回同意',
    'held-lost': '留存已不能打开',
    'cancelled-by-staff': '营业员结束',
  },
  direction: { in: '收到', out: '发出' },
  representation: {
    self: '本人',
    guardian: '监护人',
    agent: '代办人',
    relative: '已故机主的亲属',
  },
  document: {
    'identity-card': '办理人身份证',
    'subject-identity-card': '机主身份证',
    'household-register': '户口簿',
    'power-of-attorney': '授权委托书',
    'death-certificate': '死亡证明',
    'kinship-proof': '亲属关系证明',
  },
  grant: {
    lookup: '查询记录',
    analysis: '本机分析',
    release: '向营业员出示',
    keep: '留存至工单办结',
    contact: '以后联系',
    marketing: '以后告知优惠',
    richInk: '签名快慢',
  },
  role: { clerk: '营业员', manager: '值班经理', auditor: '审计员' },
  format: {
    range: '{{from}}至{{to}}',
    days: '{{n}} 天',
    seconds: '{{n}} 秒',
    minutes: '{{n}} 分钟',
    hours: '{{n}} 小时',
    ago: '{{span}}前',
    join: '、',
    none: '—',
  },
  error: {
    title: '出了点问题',
    attention: '请留意',
    what: '发生了什么',
    safe: '是否安全',
    do: '接下来',
    code: '代码 {{code}}（告诉信息技术人员）',
    tries: '还可以试 {{n}} 次。',
    retry: '再试一次',
  },
  errors,
  envelope: {
    sealed: '内容已封存',
    content: '短信内容和完整号码属于客户本人，只在客户的屏幕上打开。',
    identity: '密码、验证码和证件号码由客户自己输入，这里只看是否通过。',
    ask: '如确有需要，请问客户是否愿意勾选出示。',
  },
  waiting: '正在读取',
} as const;
