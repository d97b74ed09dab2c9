import type { Rule } from './kinds.ts';
import type { Signals } from './signals.ts';

/** From so many points on a message shows signs of fraud or of an unlawful offer. */
export const FRAUD_THRESHOLD = 3;

const ACCOUNT =
  /银行|[工建农中交招]行|信用社|邮储|账[户号]|帐[户号]|网银|密码器|电子密码|令牌|e令|u盾|icloud|appleid|社保|医保|etc|公积金账|支付宝|微信支付/u;
const URGENCY =
  /失效|过期|冻结|逾期|停用|停机|注销|清零|作废|到期|异常|被盗|升级|激活|重新认证|实名认证|今日内|24小时内|立即|尽快|及时|马上|否则/u;
const ACT = /登[录陆入]|点击|打开|进入|访问|查[询看]|升级|激活|兑换|兑现|认证|验证|领取/u;
const OFFICIAL_NAME =
  /银行|中国移动|中国联通|中国电信|10086|10010|10000|95[0-9]{3}|公安|法院|检察|税务|社保局|支付宝|客服中心|icloud|apple/u;

const GAMBLING =
  /投注|六合彩|特码|首[冲充存].{0,10}送|倍流水|返[水氺]|反水|百家乐|老虎机|时时彩|北京赛车|pk10|真人(?:娱乐|视讯|荷官)|滚球|博彩|彩票网|菜票|采票|葡京|威尼斯人|bbin|ag平台|mg电子|电子游艺|娱乐城|体育平台|牌[型具].{0,8}控制|麻控|控牌|遥控骰/u;
const GAMBLING_WITH_CONTACT =
  /彩[金唫]|赔率|水位|高水|流水|虎机|棋牌.{0,10}(?:送|注册|下载)|(?:注册|開?开户|新户|註冊|注[册冊]).{0,8}(?:送|领|領|彩).{0,6}(?:元|[0-9]{2}|彩|现金)|(?:[冲充存]|入款)[0-9佰百万一]*(?:就|即)?[送賱赠].{0,6}(?:[0-9]|倍|百|佰|流|提)|(?:百万|秒|即可|可以|快速)(?:提款|取款|提現|提现)|提款|取款|竞彩|足彩|龙虎|金沙|永利|太阳城|皇冠|捕[鱼魚渔]|哺渔|游艺|愉乐|娱乐.{0,12}(?:登|注册|送)|(?:登|注册).{0,6}娱乐|[爱爆]分|电子.{0,6}[冲充]|赌|澳[门門]|贵宾厅|会员.{0,10}派送/u;
const STOCKS =
  /牛股|荐股|操盘手|敢死队|涨停.{0,12}(?:股|群|公布|领|推荐|公开)|(?:股|群|公布|领|推荐|公开|每天).{0,12}涨停|主力.{0,6}建仓|股票.{0,8}(?:推荐|软件|拉升|群)|配资/u;
const STOCKS_WITH_CONTACT =
  /黑马|涨停|建仓|(?:选|诊|个|炒|优质)股|股民|股市|大盘|内幕消息|短线|避险|量化|私募|指数分级|新三板|原油|贵金属|白银.{0,8}(?:投资|交易)|期货|稳赚|预期收益|基金.{0,12}(?:发行|火热|收益)|证券.{0,30}(?:开户|佣金|收益|股|退订)|操盘|拉升|盈利[0-9]/u;

const has =
  (pattern: RegExp) =>
  ({ compact }: Signals): boolean =>
    pattern.test(compact);
const hasContact = ({ hasLink, hasPhone, hasChatAccount }: Signals): boolean =>
  hasLink || hasPhone || hasChatAccount;

/**
 * Signs of fraud, each a visible feature. Those of weight 3 name a known pattern by themselves; others add up.
 * What they say is 'signs of', and the customer reads the message behind it.
 */
export const fraudRules: readonly Rule[] = [
  {
    reason: 'link-urgency-account',
    weight: 3,
    holds: (signals) =>
      signals.hasLink &&
      ACCOUNT.test(signals.compact) &&
      URGENCY.test(signals.compact) &&
      ACT.test(signals.compact),
  },
  {
    reason: 'card-limit-call-back',
    weight: 3,
    holds: (signals) =>
      hasContact(signals) &&
      /(?:信用卡|账户|帐户|我行|银行).{0,50}(?:[冻凍]结|解[冻凍]|违规操作|(?:提升|提高|调[升整]|上调|申请?|永久|上限).{0,12}(?:额度|提额)|提额|固定额度)|(?:额度|提额).{0,30}(?:银行|银联|信用卡中心)/u.test(
        signals.compact,
      ),
  },
  {
    reason: 'points-for-cash',
    weight: 3,
    holds: (signals) =>
      signals.hasLink && /积分.*(?:兑换?|换|领).{0,6}(?:现金|[0-9]元|元)/u.test(signals.compact),
  },
  {
    reason: 'prize-to-claim',
    weight: 3,
    holds: (signals) =>
      hasContact(signals) &&
      /(?:被.{0,6}(?:选中|選中|选为|抽中|抽选|抽選)|成为.{0,10}幸运|场外|恭喜您?获得|幸运(?:用户|观众|号码|星|之星)|中奖|二等奖|一等奖|场外).*(?:领|認?领|認領|验收|兑奖|奖金|奖品|验证码|元)/u.test(
        signals.compact,
      ),
  },
  {
    reason: 'lost-device-link',
    weight: 3,
    holds: (signals) =>
      signals.hasLink &&
      /(?:丢失|离线|找回|遗失).*(?:iphone|设备|手机)|(?:iphone|设备).*(?:定位|离线|扣留)/u.test(
        signals.compact,
      ),
  },
  {
    reason: 'flight-cancelled-call-back',
    weight: 3,
    holds: (signals) =>
      hasContact(signals) &&
      /航班.*(?:取消|延误|无法|故障).*(?:客服|退|改签|改票|联系|补偿)/u.test(signals.compact),
  },
  {
    reason: 'curiosity-link',
    weight: 3,
    holds: (signals) =>
      signals.hasLink &&
      signals.compact.length < 60 &&
      /相册|照片|相片|录像|视频.*看|你和[他她]|你和他|這你|这你|瞧|看下你|看看吧|是你吧|是不是你|这是怎么|你自己看|做的好事|看看你|聚会|喜帖|请柬|请帖|成绩单|体检|违章|通知单|老同学|偷拍/u.test(
        signals.compact,
      ),
  },
  {
    reason: 'asks-for-transfer',
    weight: 3,
    holds: has(
      /(?:汇[款到过入]|打[款到过]|转[账帐到入]|存[到入]|把钱|款.{0,4}[汇打转]).{0,20}(?:户名|卡号|账号|帐号|账户|帐户|[工建农中交招]行|农信|邮政|信用社)|换[一個个]*[号卡].{0,6}(?:汇|打款|打钱|转[账帐])|(?:卡号|账号|帐号)[0-9]{12,19}(?:户名|收款|姓名)/u,
    ),
  },
  {
    reason: 'asks-for-code',
    weight: 3,
    holds: has(
      /(?:把|将).{0,10}验证码.{0,8}(?:发|告|报|给)|(?:告诉|发给|回复|提供给?)(?:我|客服|对方).{0,8}验证码/u,
    ),
  },
  {
    reason: 'authority-threat',
    weight: 3,
    holds: (signals) =>
      hasContact(signals) &&
      /(?:法院|公安|检察院|派出所|刑侦|银监).{0,40}(?:传票|通缉|洗钱|涉嫌|涉案|冻结|逮捕|强制执行|立案)|(?:涉嫌|涉案).{0,20}(?:洗钱|诈骗)/u.test(
        signals.compact,
      ),
  },
  {
    reason: 'refund-or-compensation',
    weight: 3,
    holds: (signals) =>
      hasContact(signals) &&
      /(?:快递|包裹|订单|商品|交易).{0,30}(?:丢失|遗失|异常|质量|未成功|失败).{0,40}(?:理赔|赔付|退款|赔偿|客服)|(?:退税|补贴|退费|退款).{0,20}(?:点击|登录|办理|领取)/u.test(
        signals.compact,
      ),
  },
  {
    reason: 'new-number-of-acquaintance',
    weight: 3,
    holds: has(
      /我是(?:你?房东|你?领导|你?老师)|明[天早].{0,6}我办公室|房租.{0,12}(?:打|转|汇|存)|租金.{0,12}(?:打|转|汇|存)/u,
    ),
  },
  {
    reason: 'documents-for-sale',
    weight: 3,
    holds: (signals) =>
      hasContact(signals) &&
      (/代?[办辦].{0,6}(?:各[种类].{0,4})?证件?.{0,8}(?:刻章|联系|电话|qq|微信)|刻章|代[开開办].{0,12}(?:票|发票|證)|办证|假证|免学免考|开具?.{0,12}发票|发票.{0,12}(?:代开|优惠|验证后|验后|咨询|联系|真票)|(?:真|税|普通|增值税?|正规|餐饮|机打|手写)[税专]?发?票|税点|先验后付|[验低]后付款|验证后付款|代办.{0,10}银行流水|(?:各行|各种|正规).{0,6}发票|発票|發票|国税|做帐/u.test(
        signals.compact,
      ) ||
        /(?:文凭|驾[照驶]证?|资格证|学历).{0,14}(?:代办|办理|直出|可查|包过|包拿)/u.test(signals.compact)),
  },
  {
    reason: 'gambling',
    weight: 3,
    holds: (signals) =>
      GAMBLING.test(signals.compact) || (hasContact(signals) && GAMBLING_WITH_CONTACT.test(signals.compact)),
  },
  {
    reason: 'stock-tips',
    weight: 3,
    holds: (signals) =>
      STOCKS.test(signals.compact) ||
      ((hasContact(signals) || /回td?退|退订/u.test(signals.compact)) &&
        STOCKS_WITH_CONTACT.test(signals.compact)),
  },
  {
    reason: 'easy-money-job',
    weight: 3,
    holds: has(/刷[单單信]|(?:兼职|兼職).{0,30}(?:日[结赚]|每[单天日]|在家|手机)|日赚|日结.{0,10}元/u),
  },
  { reason: 'disguised-spelling', weight: 1, holds: (signals) => signals.isDisguised },
  {
    reason: 'imitates-official-sender',
    weight: 2,
    // An operator, bank or authority does not write from a private or a foreign number.
    holds: (signals) =>
      (signals.sender === 'mobile' || signals.sender === 'overseas') &&
      OFFICIAL_NAME.test(signals.compact) &&
      /尊敬的|您的|用户|客户/u.test(signals.compact) &&
      hasContact(signals),
  },
];
