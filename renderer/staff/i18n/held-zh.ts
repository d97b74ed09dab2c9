/** Words of what is kept for cases, in Chinese. */
import type { Words } from '../../ui/i18n/words.ts';

export const held = {
  title: '留存的工单',
  lead: '客户同意留存的记录，加密存放在本柜台，到工单办结或到期为止。这里只有打码的号码和期限，内容谁也看不到。',
  count: '留存的工单：{{n}} 件',
  trouble: '，其中 {{n}} 件文件损坏',
  number: '手机号',
  numberUnknown: '看不出号码',
  heldAt: '留存时间',
  until: '最晚到',
  state: '状态',
  action: '办理',
  states: { held: '留存中', ending: '正在销毁', damaged: '文件损坏，已销毁' },
  open: '客户来看',
  close: '工单办结',
  closeTitle: '工单办结了吗',
  closeBody: '办结后，留存的记录立即销毁，不能恢复。客户还想看的，请先请客户来看。',
  closeYes: '办结并销毁',
  closeNo: '先不办结',
  damaged:
    '有留存文件损坏或被换过（ZQ-3305），没有打开任何内容，已经销毁。请告诉信息技术人员；客户还需要的，请重新办理查询。',
  busy: '办完这一位，才能打开下一件。',
  sayRequest: '这里为您留存了上次查到的记录，您要现在打开看吗？打开前要再核验一次您本人。',
  sayReading:
    '记录只在您的屏幕上打开，和上次一样。想让我看哪几条，请您自己勾选出示。要新的报告，需要重新查询一次。',
  keeps: '客户同意留存：关闭后，记录加密存到 {{until}}，工单办结时销毁。',
  stays: '留存不变，最晚到 {{until}}。',
  goes: '关闭后，留存的记录立即销毁。',
  done: '工单已办结，或无需后续：不再留存',
  afterKept: '关闭后，两块屏幕回到待机，屏幕上的内容清除；留存的记录仍然加密。',
  ended: '屏幕已清除。留存的记录没有变，仍加密存放，最晚到 {{until}}。',
  rowStates: {
    kept: '留存到 {{until}}',
    read: '看过留存，存到 {{until}}',
    done: '工单办结，留存已销毁',
    over: '留存已结束',
  },
} as const satisfies Words;
