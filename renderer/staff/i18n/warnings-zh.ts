/** Words of what a clerk should know about the counter itself, in Chinese. */
import type { Repair } from '../../../shared/domain/repair.ts';

export const warnings = {
  label: '柜台提示',
  noted: '知道了',
  /** Something has waited for central. */
  outbox: {
    line: '有内容已等待发往中心 {{span}}。网络恢复后会自动发出，不会丢失，可以继续办理。超过一小时仍未恢复，请报告 IT。',
    staff:
      '有一份客户签过的同意已等待发出 {{span}}：请经办的同事登录；他们不在时，任何营业员登录后都会自动发出。',
    it: '有内容已等待发往中心 {{span}}，中心还没有接收。不会丢失；请把“待发不动”报告 IT。',
    day: '有内容已等待发往中心 {{span}}，请立即报告 IT。',
  },
  /** A file was damaged. */
  repairs: {
    policy: {
      done: '告知书版本的记录有损坏，已按审计日志恢复，无需处理。',
      waiting: '告知书版本的记录有损坏，联系上中心后恢复。',
    },
    clock: {
      done: '时间记录有损坏，已按中心的时间恢复，无需处理。',
      waiting: '时间记录有损坏，联系上中心后恢复；在此之前请核对电脑的时间。',
    },
    changes: {
      done: '中心通知的进度记录有损坏，通知会从头再读一遍，无需处理。',
      waiting: '中心通知的进度记录有损坏，联系上中心后从头再读。',
    },
    settings: {
      done: '上次设置的记录有损坏，已重新记录。请 IT 核对本柜台的设置。',
      waiting: '上次设置的记录有损坏，请 IT 核对本柜台的设置。',
    },
    segments: {
      done: '审计日志的目录有损坏，已按日志本身恢复，无需处理。',
      waiting: '审计日志的目录有损坏，正在恢复。',
    },
    'day-list': {
      done: '日清单有损坏，已按中心的记录补齐，无需处理。',
      waiting: '日清单有损坏，现在显示的可能不全；联系上中心后会补齐。',
    },
    certificate: {
      done: '柜台证书损坏或缺失，已重新领取，无需处理。',
      waiting: '柜台证书损坏或缺失，无法联系中心。请 IT 发放新的登记码。',
    },
    outbox: {
      done: '待发箱已被取走，重新开始；审计日志里查得到的销毁凭证会再次发出。取走的待发箱请 IT 交信息安全人员。',
      waiting: '待发箱已被取走，请 IT 处理。',
    },
  } satisfies Record<Repair['file'], Record<Repair['state'], string>>,
  /** The line to central is away: what goes on, what has to wait. */
  offline: {
    title: '现在联系不上中心。',
    idle: '可以开始办理：客户先看请求和告知书；身份核验和查询要等网络恢复。',
    reading: '客户可以继续看请求和告知书；身份核验和查询要等网络恢复。',
    identity: '身份要由中心核验，请等网络恢复后再试，或者结束办理。',
    signing: '客户可以继续作答、勾选和签名：同意保存在本柜台，网络恢复后自动送达。查询要等网络恢复。',
    lookup:
      '客户签过的同意已保存，会自动送达；查询要等网络恢复。客户可以等待，也可以结束办理，下次查询要重新签名。',
    records: '客户可以继续看已经打开的记录、出示给您、保存报告；没有打开过的部分和中心的联署要等网络恢复。',
    closing: '可以照常关闭；要发给中心的内容网络恢复后自动发出。',
  },
} as const;
