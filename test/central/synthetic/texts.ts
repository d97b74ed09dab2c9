/** Text messages of the demo: what a phone in China receives and sends, with values of their own each time. */
import { type Random, weighted } from './random.ts';

export interface Message {
  readonly peer: string;
  readonly direction: 'in' | 'out';
  readonly text: string;
}

type Template = (random: Random, day: string) => string;

const banks = ['招商银行', '工商银行', '建设银行', '农业银行', '交通银行', '邮储银行'] as const;
const bankNumbers: Record<(typeof banks)[number], string> = {
  招商银行: '95555',
  工商银行: '95588',
  建设银行: '95533',
  农业银行: '95599',
  交通银行: '95559',
  邮储银行: '95580',
};
const couriers = ['顺丰速运', '中通快递', '圆通速递', '京东物流', '韵达快递', '菜鸟驿站'] as const;
const apps = ['支付宝', '微信', '京东', '淘宝', '美团', '12306', '滴滴出行', '抖音', '拼多多'] as const;
const shops = ['苏宁易购', '华为授权体验店', '小米之家', '荣耀体验店', '手机卖场', '迪信通'] as const;
const phones = [
  '华为 Mate 80',
  '小米 17',
  '荣耀 Magic 8',
  'OPPO Find X9',
  'vivo X300',
  'iPhone 17',
  '红米 Note 15',
] as const;
const places = ['东门', '西门', '3号楼下', '小区驿站', '物业前台', '便利店'] as const;
const foods = ['饺子', '红烧排骨', '西红柿鸡蛋面', '清蒸鱼', '炖牛肉'] as const;

const money = (random: Random, from: number, to: number) => `${random.int(from, to)}.${random.digits(2)}`;
const monthDay = (day: string) => `${Number(day.slice(5, 7))}月${Number(day.slice(8, 10))}日`;
const clock = (random: Random) => `${random.int(8, 21)}:${random.int(10, 59)}`;

const bank: readonly [Template, ...Template[]] = [
  (r, d) =>
    `您尾号${r.digits(4)}的储蓄卡${monthDay(d)}${clock(r)}支出人民币${money(r, 5, 900)}元，余额${money(r, 800, 30_000)}元。`,
  (r, d) =>
    `您尾号${r.digits(4)}的信用卡${monthDay(d)}消费${money(r, 10, 2_000)}元，可用额度${r.int(2, 30)}000元。`,
  (r, d) => `您账户*${r.digits(4)}于${monthDay(d)}收到工资入账${money(r, 3_000, 12_000)}元。`,
  (r) =>
    `您的信用卡本期账单${money(r, 200, 6_000)}元，最低还款${money(r, 50, 600)}元，请于${r.int(5, 25)}日前还款。`,
  (r) => `您尾号${r.digits(4)}的卡在新设备登录手机银行，如非本人操作请立即致电客服。`,
  (r) =>
    `转账提醒：您向*${r.pick(['华', '明', '丽', '军', '梅'])}转账${money(r, 100, 5_000)}元已成功，流水号${r.digits(12)}。`,
];

const codes: readonly [Template, ...Template[]] = [
  (r) => `验证码${r.digits(6)}，您正在登录，5分钟内有效，请勿告诉他人。`,
  (r) => `${r.digits(6)}（动态验证码），请在10分钟内填写。如非本人操作请忽略。`,
  (r) => `您的支付验证码是${r.digits(6)}，金额${money(r, 10, 800)}元，切勿转发。`,
  (r) => `校验码：${r.digits(4)}，用于修改登录密码，泄露有风险。`,
];

const parcel: readonly [Template, ...Template[]] = [
  (r) =>
    `您的快递${r.digits(4)}已到${r.pick(places)}，取件码${r.int(1, 9)}-${r.int(1, 6)}-${r.digits(4)}，请在20:00前领取。`,
  (r) =>
    `快件尾号${r.digits(4)}正在派送，快递员${r.pick(['刘', '陈', '杨', '周', '吴'])}师傅将于今天${clock(r)}前送达。`,
  (r) => `您的包裹${r.digits(12)}已由${r.pick(places)}代收，如有破损请及时联系。`,
  (r) => `您寄出的快件${r.digits(12)}已签收，签收人：${r.pick(['本人', '家人', '前台', '驿站'])}。`,
];

const operator: readonly [Template, ...Template[]] = [
  (r, d) =>
    `截至${monthDay(d)}，您本月已用流量${r.int(1, 40)}.${r.digits(1)}GB，通话${r.int(20, 300)}分钟，当前余额${money(r, 5, 180)}元。`,
  (r) => `您已成功充值${r.pick([30, 50, 100, 200])}元，当前余额${money(r, 30, 260)}元。`,
  (r) =>
    `您的套餐${r.pick(['畅享', '亲情', '全家', '5G'])}${r.pick([39, 59, 79, 129])}元将于下月1日自动续订，退订请回复TD。`,
  (r) => `温馨提示：您本月国内流量还剩${r.int(100, 900)}MB，用完后按0.29元/MB收取。`,
];

const life: readonly [Template, ...Template[]] = [
  (r, d) =>
    `您预约的${monthDay(d)}${r.pick(['内科', '眼科', '骨科', '口腔科', '心内科'])}门诊${r.int(1, 60)}号，请提前30分钟取号。`,
  (r) =>
    `电费提醒：您户号${r.digits(8)}上月用电${r.int(60, 420)}度，电费${money(r, 30, 260)}元，请及时缴纳。`,
  (r, d) =>
    `订单EB${r.digits(8)}，您已购${monthDay(d)}G${r.digits(3)}次${r.int(1, 16)}车${r.int(1, 20)}${r.pick(['A', 'B', 'C', 'D', 'F'])}号，请凭身份证进站。`,
  (r) => `家长您好，本周${r.pick(['三', '四', '五'])}下午${r.int(2, 4)}点召开家长会，请准时参加。`,
  (r) => `社区通知：${r.pick(places)}明天${r.int(8, 11)}点起停水检修，预计${r.int(3, 8)}小时，请提前储水。`,
  (r) => `您的体检报告已出，请于工作日8:00-17:00到${r.int(1, 4)}楼服务台领取。`,
];

const family: readonly [Template, ...Template[]] = [
  (r) => `妈，今晚我${r.pick(['加班', '不回来吃饭', '晚点到', '带孩子过来'])}，别等我。`,
  (r) => `爸，${r.pick(['降压药', '膝盖', '体检', '医保卡'])}的事我周${r.pick(['六', '日'])}陪您去办。`,
  (r) => `到家了，路上有点堵，${clock(r)}才进门。`,
  (r) => `晚上做${r.pick(foods)}，回来吃吗？`,
  (r) => `孩子今天${r.pick(['数学考了', '语文考了', '英语考了'])}${r.int(78, 100)}分，高兴坏了。`,
  (r) => `周末去${r.pick(['公园', '奶奶家', '图书馆', '钓鱼'])}吧，我来开车，${r.int(8, 10)}点出发。`,
  (r) => `钱转过去了，${r.int(1, 20)}00块，收到说一声。`,
  (r) => `好的，知道了。${r.pick(['路上小心', '早点休息', '多穿点', '注意身体'])}。`,
  (r) => `明天${r.pick(['下雨', '降温', '有大风'])}，${r.pick(['带伞', '加件衣服', '别骑车了'])}。`,
  (r) =>
    `你问的那件事，${r.pick(['老王', '二姐', '小刘', '三叔'])}说${r.pick(['可以', '再等等', '下周给回话', '没问题'])}。`,
];

const phoneTalk: readonly [Template, ...Template[]] = [
  (r) => `我看中了${r.pick(phones)}，${r.int(19, 65)}99，你帮我看看值不值。`,
  (r) => `手机又卡死了，想换一个，${r.pick(phones)}怎么样？`,
  (r) => `${r.pick(phones)}电池耐用，屏幕字大，老人用合适。`,
  (r) => `店里说旧手机能抵${r.int(2, 9)}00，今天去看看？`,
  (r) => `别在网上买，去${r.pick(shops)}试过再说，${clock(r)}我陪你去。`,
  (r) => `${r.pick(phones)}有${r.pick(['白色', '黑色', '青色', '金色'])}的吗？内存要${r.pick([256, 512])}G。`,
];

const phoneShop: readonly [Template, ...Template[]] = [
  (r) => `您咨询的${r.pick(phones)}已到店，到店试用送钢化膜，地址：人民路${r.int(1, 300)}号。退订回T`,
  (r) => `${r.pick(phones)}以旧换新最高补贴${r.int(3, 12)}00元，活动到本月${r.int(20, 30)}日。退订回T`,
  (r) => `您预约的${r.pick(phones)}订单${r.digits(10)}已备货，请在3日内到店付款提货。`,
  (r) => `尊敬的顾客，您购机满${r.int(7, 30)}天，可免费贴膜一次、清洁一次。退订回T`,
];

const promotion: readonly [Template, ...Template[]] = [
  (r) => `会员日全场${r.int(5, 9)}折，满${r.int(1, 5)}00减${r.int(2, 9)}0，仅限今天。退订回T`,
  (r) => `您有${r.int(2, 30)}张优惠券即将到期，点击小程序查看。退订回T`,
  (r) => `新鲜${r.pick(['车厘子', '大闸蟹', '橙子', '羊肉'])}到货，每斤${r.int(9, 60)}元，楼下自提。退订回T`,
  (r) => `健身年卡${r.int(6, 18)}80元，前${r.int(20, 100)}名再送两个月。退订回T`,
];

const fraud: readonly [Template, ...Template[]] = [
  (r) => `您的ETC已失效，请立即登录 etc-${r.digits(3)}.example 重新认证，逾期将影响出行。`,
  (r) => `您的包裹${r.digits(8)}丢失，可三倍赔付${r.int(1, 9)}00元，请加客服QQ ${r.digits(9)} 办理。`,
  (r) => `【内部额度】凭身份证可借${r.int(3, 20)}万，秒到账，无抵押，点 loan${r.digits(2)}.example 领取。`,
  (r) => `社保卡状态异常，${r.int(12, 48)}小时内冻结，请致电0${r.digits(3)}-${r.digits(7)}核实。`,
  (r) => `我是${r.pick(['王', '李', '陈'])}局长，换号了，明天上午来我办公室一趟。`,
  (r) =>
    `兼职刷单，每单返${r.int(5, 50)}元，日结${r.int(2, 8)}00，加V：${r.pick(['abc', 'vip', 'qq'])}${r.digits(5)}`,
  (r) => `妈，我手机坏了，这是同学的号，急用${r.int(2, 9)}000元交培训费，转到尾号${r.digits(4)}。`,
];

/** People a subscriber writes with: the same few over the years. */
export function contactsOf(random: Random): readonly [string, ...string[]] {
  const contact = () => `13${random.int(0, 9)}${random.digits(8)}`;
  return [contact(), contact(), contact(), contact(), contact(), contact()];
}

/** One message of everyday life. `phoneShare` of them are about buying a phone. */
export function makeMessage(
  random: Random,
  day: string,
  contacts: readonly [string, ...string[]],
  phoneShare: number,
): Message {
  if (random.chance(phoneShare)) {
    return random.chance(0.55)
      ? personal(random, day, contacts, phoneTalk)
      : signed(random, day, random.pick(shops), service(random), phoneShop);
  }
  return weighted(random, [
    [26, () => personal(random, day, contacts, family)],
    [16, () => bankMessage(random, day)],
    [16, () => signed(random, day, random.pick(apps), service(random), codes)],
    [14, () => signed(random, day, random.pick(couriers), service(random), parcel)],
    [8, () => signed(random, day, '演示通信', '10000', operator)],
    [8, () => signed(random, day, random.pick(['便民服务', '市民通', '铁路12306']), service(random), life)],
    [
      8,
      () =>
        signed(random, day, random.pick(['优选生活', '会员中心', '城市商场']), service(random), promotion),
    ],
    [4, () => fraudMessage(random, day)],
  ])();
}

function personal(
  random: Random,
  day: string,
  contacts: readonly [string, ...string[]],
  templates: readonly [Template, ...Template[]],
): Message {
  const text = random.pick(templates)(random, day);
  return { peer: random.pick(contacts), direction: random.chance(0.45) ? 'out' : 'in', text };
}

function bankMessage(random: Random, day: string): Message {
  const name = random.pick(banks);
  return signed(random, day, name, bankNumbers[name], bank);
}

function fraudMessage(random: Random, day: string): Message {
  const peer = random.chance(0.5) ? `1${random.pick([6, 7])}${random.digits(9)}` : `0085${random.digits(8)}`;
  return { peer, direction: 'in', text: random.pick(fraud)(random, day) };
}

function signed(
  random: Random,
  day: string,
  name: string,
  peer: string,
  templates: readonly [Template, ...Template[]],
): Message {
  return { peer, direction: 'in', text: `【${name}】${random.pick(templates)(random, day)}` };
}

/** A service number (106…), a few per company so that counterparts repeat. */
function service(random: Random): string {
  return `10690${random.int(100, 139)}${random.int(10, 39)}`;
}
