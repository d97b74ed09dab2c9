import type { Rule } from './kinds.ts';

/** One-time codes: a code is named and given, and it says how long or for what it is good. */
export const codeRules: readonly Rule[] = [
  {
    reason: 'code-and-validity',
    weight: 1,
    holds: ({ compact }) =>
      /(?:验证码|校验码|动态码|动态密码|随机码|激活码|短信密码|确认码|verificationcode|passcode|otp).{0,24}?[0-9]{4,8}|[0-9]{4,8}.{0,24}(?:验证码|校验码|动态密码|动态码|随机码|verificationcode|passcode)/u.test(
        compact,
      ),
  },
];

/** Notices of a movement of money. */
export const paymentRules: readonly Rule[] = [
  {
    reason: 'account-movement',
    weight: 1,
    holds: ({ compact }) =>
      /(?:尾号|末四位|账户|帐户|卡号?|余额|支付宝|微信支付).{0,40}(?:支出|收入|存入|转[入出账]|消费|入账|扣[款费]|还款|支付|提现|到账|代[发扣]|账单|交易).{0,40}(?:元|rmb|人民币|[0-9]{2})|(?:支出|收入|存入|转入|转出|消费|入账|扣款).{0,20}元.{0,30}余额|(?:话费|电费|水费|燃气费|缴费|充值).{0,20}(?:成功|余额|账单|欠费|已到账)|本期账单|最低还款额/u.test(
        compact,
      ),
  },
];

/** Parcels and other deliveries. */
export const deliveryRules: readonly Rule[] = [
  {
    reason: 'parcel',
    weight: 1,
    holds: ({ compact }) =>
      /(?:快递|快件|包裹|运单|邮件|外卖|顺丰|圆通|中通|申通|韵达|极兔|京东物流|德邦|菜鸟|丰巢|驿站|快递柜|自提).{0,50}(?:取件|取货|签收|派[送件]|配送|已到|到达|送达|领取|揽收|发出|运输|凭)|取件码|取货码|(?:订单|商品).{0,16}(?:已发货|已发出|配送中|派送中)/u.test(
        compact,
      ),
  },
];
