/** Words of records that are kept for a case, in Chinese. */
import type { Words } from '../../ui/i18n/words.ts';

export const kept = {
  requestStep: '看清打开什么',
  requestTitle: '有为您留存的记录',
  requestSentence:
    '工号 {{staffId}} 的工作人员请您打开上次留存的记录：{{number}}，{{from}}至{{to}} 的{{categories}}。',
  requestUntil: '这些记录加密存放在这个柜台，最晚到 {{until}}，到时自动销毁。',
  requestNext: '打开前要核验您本人，并向中心确认留存仍然有效。不会查询新的记录。',
  requestAccept: '打开看',
  requestRefuse: '今天不看',
  opening: '正在确认并打开',
  openingBody: '正在向中心确认留存仍然有效，请稍候。',
  title: '为您留存的记录',
  /** The first time, while reading. */
  willBe: '看完后加密留存到工单办结，最晚 {{until}}。',
  isKept: '为您加密留存，最晚到 {{until}}。要新的报告或回执，请工作人员重新办理一次查询。',
  stop: '不再留存',
  stopTitle: '不再留存吗',
  stopNow: '留存的记录立即销毁，这次查看也到此为止，不能恢复。',
  stopLater: '看完后不再留存，立即销毁。您现在可以继续看。',
  stopSealed: '刚才加密留存的记录立即销毁，不能恢复。',
  stopConfirm: '不再留存',
  stopBack: '继续留存',
  finishKeep: '结束后，记录从屏幕上清除，加密留存在这个柜台，最晚到 {{until}}。',
  finishKeepConfirm: '清除屏幕并留存',
  finishAgain: '结束后，记录从屏幕上清除。留存不变，最晚到 {{until}}。',
  finishAgainConfirm: '清除屏幕并结束',
  /** Leaving, and silence, where the customer came back for them. */
  leave: '停止后屏幕清空。留存的记录不变，仍然加密。不影响您办理其他业务。',
  silence: '如果没有人回答，屏幕会自动清空。留存的记录不变，仍然加密。',
  sealing: '正在加密留存',
  sealingBody: '屏幕上的内容已经清除，马上就好。',
  sealFailed: '留存还没有完成',
  sealFailedSafe: '屏幕上的内容已经清除，没有丢失什么。可以再试一次，也可以不留存。',
  sealFailedStop: '不留存，结束',
  cleared: '屏幕上的内容已经清除',
  sealedUntil: '记录加密留存在这个柜台，最晚到 {{until}}',
  /** To someone who has not shown whose they are. */
  closed: '没有打开任何记录，留存的内容仍然加密。',
  sealedFor: '工作人员登记工单后，记录加密留存到办结，最晚 {{until}}；不登记就立即销毁',
  takeBack: '随时可以取消留存：凭回执上的代码，或本人到任一柜台。',
  outcomes: {
    withdrawn: { title: '已不再留存', body: '留存的记录已经销毁，不能再打开。这不影响您办理其他业务。' },
    expired: {
      title: '留存的期限已到',
      body: '留存的记录已经销毁。还需要的话，请让工作人员重新办理一次查询。',
    },
  },
  receiptUntil: '留存到',
} as const satisfies Words;
