import type { RowFull } from '../cache/records.ts';

/** Who sends, by the shape of the number (MIIT numbering plan). */
export type SenderType = 'official' | 'platform' | 'mobile' | 'overseas' | 'other';

/** A message as rules look at it. */
export interface Signals {
  /** NFKC, lower case, without links, numbers of contact, white space, punctuation and signs. */
  readonly compact: string;
  readonly hasLink: boolean;
  /** A telephone number to call. */
  readonly hasPhone: boolean;
  /** A WeChat or QQ account to add. */
  readonly hasChatAccount: boolean;
  /** Characters that take the place of others: signs between characters, rare look-alikes, mixed scripts. */
  readonly isDisguised: boolean;
  readonly sender: SenderType;
}

const LINK =
  /(?:https?:\/\/|www\.)[!-~]+|[a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)*\.[a-z]{2,6}(?![a-z])(?:\/[!-~]*)?/giu;
const PHONE =
  /(?<![0-9])(?:(?:\+?86)?1[3-9][0-9]{9}|0[0-9]{2,3}-?[0-9]{7,8}|[48]00-?[0-9]{3}-?[0-9]{4}|[48]00[0-9]-?[0-9]{3}-?[0-9]{3})(?![0-9])/gu;
const CHAT =
  /(?:微\s*信|v\s*信|薇\s*信|加\s*v|wx|wechat|vx|q\s*q|扣扣)\s*(?:号|群|号码)?\s*[:：是为]?\s*[a-z0-9_-]{5,20}/giu;

/** The features of one row that rules rest on. */
export function readSignals(row: Pick<RowFull, 'peer' | 'text'>): Signals {
  const text = row.text.normalize('NFKC').toLowerCase();
  const withoutLinks = text.replace(LINK, ' ');
  const withoutChats = withoutLinks.replace(CHAT, ' ');
  const withoutPhones = withoutChats.replace(PHONE, ' ');
  return {
    compact: withoutPhones.replace(/[\s\p{P}\p{S}]+/gu, ''),
    hasLink: withoutLinks !== text,
    hasPhone: withoutPhones !== withoutChats,
    hasChatAccount: withoutChats !== withoutLinks,
    isDisguised: isDisguised(text),
    sender: senderType(row.peer),
  };
}

/** The type of a number as the network shows it. */
export function senderType(peer: string): SenderType {
  const number = peer.replace(/[\s-]/g, '').replace(/^(?:\+|00)86/, '');
  if (/^1[3-9][0-9]{9}$/.test(number)) return 'mobile';
  if (/^106[0-9]*$/.test(number)) return 'platform';
  // 95xxx(x) enterprises, 100xx operators, 12xxx public services, 110 and the like.
  if (/^(?:95[0-9]{3,6}|96[0-9]{3,6}|100[0-9]{2,3}|12[0-9]{3,6}|11[0-9])$/.test(number)) return 'official';
  if (/^(?:\+|00)/.test(number)) return 'overseas';
  return 'other';
}

/** Traditional characters, look-alikes and Latin letters strewn between Chinese ones, used to pass filters. */
function isDisguised(text: string): boolean {
  const lookAlikes = text.match(/[幵票镙䅈発弌佰仟萬圓領點網値愽菜氺銭囍淂溦嶶薇俌萭]/gu)?.length ?? 0;
  const strewn = text.match(/\p{Script=Han}[ .·*|_-]?[a-z](?=[ .·*|_-]?\p{Script=Han})/gu)?.length ?? 0;
  return lookAlikes + strewn >= 3;
}
