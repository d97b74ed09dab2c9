import type { Rule } from './kinds.ts';
import type { Signals } from './signals.ts';

/** From so many points on a message is a promotion. */
export const PROMOTION_THRESHOLD = 2;

const has =
  (pattern: RegExp) =>
  ({ compact }: Signals): boolean =>
    pattern.test(compact);

/** Features of advertising. One is not enough where it also stands in ordinary messages. */
export const promotionRules: readonly Rule[] = [
  {
    reason: 'unsubscribe-hint',
    weight: 2,
    // Telling how to unsubscribe is what the law asks of advertising (MIIT order 31, article 18).
    holds: has(/退订|拒收|(?:回复?|发)[tn]d?$|回[tn]d?退|[回复]td/u),
  },
  {
    reason: 'offer-words',
    weight: 1,
    holds: has(
      /优惠|促销|大促|特价|特卖|抢购|开抢|疯抢|秒杀|限量|限时|钜惠|免单|包邮|满[0-9]*减|立减|红包|优惠?券|代金券|现金券|领券|好礼|豪礼|赠[送品]|免费(?:领|送|体验|试|赠)|新品|上市|新款|爆款|旗舰店|专卖店|专柜|商城|购物|百货|超市|全场|唯品会|天猫|淘宝|京东|聚划算|苏宁|国美|狂欢|来袭|盛大|开业|周年庆|店庆|会员(?:专享|日|价)|vip|积分.{0,4}(?:换|兑)|抽奖|大奖|品牌|活动|答谢会|贺|批发|零售|回收|货到付款|团购|买[一二三四五六0-9]+送|首付|开班|招办|驾校|会员专享|特惠|惠民|展会|彩铃|下单|礼品/u,
    ),
  },
  {
    reason: 'offer-words',
    weight: 1,
    holds: has(
      /详[询情]|咨询|热线|订购|垂询|预[约订]|报名|招生|培训班?|辅导|招聘|招商|加盟|进店|到店|光临|欢迎(?:您|来|致电|咨询)|诚邀|敬请(?:关注|期待|保[存留])|关注.{0,6}(?:公众号|微信)|下载.{0,10}(?:app|客户端)|(?:点击|猛?戳|登[录陆]).{0,10}(?:领|抢|查看|办理|购)|快来|赶快|赶紧|错过|等你来?|等您来?|即日起|先到先得|数量有限|打扰|见谅/u,
    ),
  },
  {
    reason: 'offer-with-contact',
    weight: 1,
    // Advertising names where to go; a friend's message seldom names both an offer and a number or link.
    holds: ({ compact, hasLink, hasPhone, hasChatAccount, sender }) =>
      sender !== 'mobile' && compact.length >= 12 && (hasLink || hasPhone || hasChatAccount),
  },
  {
    reason: 'price-or-discount',
    weight: 1,
    holds: has(
      /[0-9]+折|折[起扣上]|低至|仅[需售要]|[0-9]元(?:起|购|抢|券|秒|包|办)|原价|现价|半价|底价|减[0-9]|[送返省惠][0-9]+元?|价值[0-9]*|元(?:起|红包|券|话费)|元[平㎡]|享[0-9]*[折优]/u,
    ),
  },
  {
    reason: 'loan-offer',
    weight: 2,
    holds: has(
      /无抵押|免抵押|免担保|(?:信用|抵押|短期|急用|小额|房产?|车辆?|银行|专业)贷|贷款|貸款|放款|月息|利息.{0,4}(?:低|厘|分)|套现|提现.{0,10}(?:点|咨询)|代还|垫还|刷卡机|pos机|下卡|办.{0,4}信用卡|信用卡.{0,12}(?:办理|额度|申办)|(?:保单|工资|公积金|营业执照)贷/u,
    ),
  },
  {
    reason: 'operator-tariff',
    weight: 2,
    holds: has(
      /(?:流量|话费|套餐|宽带|彩铃|4g|5g|飞享|充值|预存|营业厅|上网卡|通话|漫游).{0,40}(?:送|赠|优惠|办理|领|开通|元|抢|推荐|免费|体验|升级|回复|折|享)|(?:送|赠|领|享|返|抢).{0,12}(?:流量|话费|宽带|通话)|(?:回复|发送?|编辑).{0,14}(?:[到至][0-9]|即可|办理|开通|订购|参[与加])|彩铃|铃音/u,
    ),
  },
  {
    reason: 'property-offer',
    weight: 2,
    holds: has(
      /(?:楼盘|开盘|清盘|首付|购房|置业|商铺|金铺|旺铺|洋房|别墅|公寓|大宅|华宅|美宅|房源|看房|三房|四房|平米|户型|精装|湖景|海景|学区|样板).{0,60}(?:元|折|价|抢|热线|咨询|恭迎|万|平|优惠|席|送|鉴|认筹|到访|收藏|起|亮相)/u,
    ),
  },
];
