import { describe, expect, test } from 'vitest';
import { classify } from '../../../renderer/analysis/classify.ts';
import type { MessageKind, Reason } from '../../../renderer/analysis/kinds.ts';
import { senderType } from '../../../renderer/analysis/signals.ts';

const of = (peer: string, text: string) => classify({ peer, text, direction: 'in', category: 'sms' });

describe('messages as they come', () => {
  const cases: [MessageKind, Reason, string, string][] = [
    [
      'one-time-code',
      'code-and-validity',
      '10690001234',
      '【某银行】您的验证码是482913，5分钟内有效，请勿告诉他人。',
    ],
    ['one-time-code', 'code-and-validity', '95588', '482913（动态密码），用于登录，请勿泄露。'],
    [
      'payment-notice',
      'account-movement',
      '95588',
      '您尾号1234的卡11月3日支出128.00元，余额3,012.55元。【某银行】',
    ],
    ['delivery', 'parcel', '10690005678', '【驿站】您的快递已到小区东门，凭取件码3-2-8801领取。'],
    ['promotion', 'unsubscribe-hint', '10690007777', '双十一全场5折起，会员专享，回T退订'],
    ['promotion', 'operator-tariff', '10086', '【移动】您可办理5G套餐，首月送20G流量，回复1即可办理。'],
    [
      'suspected-fraud',
      'link-urgency-account',
      '13912345678',
      '尊敬的工行用户，您的账户今日失效，请登录 http://icbc-x.example/a 升级',
    ],
    [
      'suspected-fraud',
      'card-limit-call-back',
      '17012345678',
      '您的信用卡已被冻结，解冻请致电 0551-62345678',
    ],
    ['suspected-fraud', 'asks-for-transfer', '13912345678', '我换卡了，钱汇到农行，账号6228480000000000000'],
    ['suspected-fraud', 'gambling', '008521234', '澳门真人娱乐，首存100送100，http://x.example.com'],
    ['suspected-fraud', 'asks-for-code', '13912345678', '请把收到的验证码发给我，急用'],
    ['suspected-fraud', 'refund-or-compensation', '008521234', '您的快递丢失，理赔请联系客服 QQ12345678'],
    ['personal', 'private-number', '13912345678', '晚上回家吃饭吗？'],
    ['other', 'no-known-feature', '1069', '明天上午停水，请储水。'],
  ];
  test.each(cases)('%s (%s) from %s', (kind, reason, peer, text) => {
    const found = of(peer, text);
    expect(found.kind).toBe(kind);
    expect(found.reasons).toContain(reason);
  });

  test('spaces, full-width letters and case do not hide a feature', () => {
    expect(of('13912345678', '您 的 账 户 今 日 失 效，请 登 录 ＨＴＴＰ://x.example.com/ａ').kind).toBe(
      'suspected-fraud',
    );
  });
});

describe('no misreading (R16)', () => {
  test.each([
    ['13912345678', '我在银行办事，马上回来'],
    ['13912345678', '你的快递我帮你拿了'],
    ['13912345678', '看新闻说水位比较高，注意安全'],
    ['13912345678', '麻烦给我开张发票，谢谢'],
  ])('a private message is not suspected: %s %s', (peer, text) => {
    expect(of(peer, text).kind).not.toBe('suspected-fraud');
  });

  test('an imitated name alone is not enough, and an official number needs more', () => {
    const text = '尊敬的用户，您的账户今日失效，请登录 http://www.example.com 升级';
    expect(of('95588', text).kind).not.toBe('suspected-fraud');
    expect(of('13912345678', text).reasons).toContain('link-urgency-account');
    expect(of('13912345678', '中国银行的客户您好，电话 0551-62345678').kind).not.toBe('suspected-fraud');
  });

  test('what the customer sent, calls and transactions are not sorted by their words', () => {
    const text = '首存100送100 http://x.example.com 投注';
    expect(classify({ peer: '13912345678', text, direction: 'out', category: 'sms' }).kind).toBe('personal');
    expect(classify({ peer: '95588', text, direction: 'in', category: 'call' }).reasons).toEqual([
      'not-a-message',
    ]);
    expect(classify({ peer: '95588', text, direction: 'in', category: 'transaction' }).kind).toBe('other');
  });
});

test('types of senders', () => {
  const types = [
    '95588',
    '10086',
    '12345',
    '110',
    '106900012345',
    '+8613912345678',
    '17012345678',
    '+85291234567',
    'Apple',
  ];
  expect(types.map(senderType)).toEqual([
    'official',
    'official',
    'official',
    'official',
    'platform',
    'mobile',
    'mobile',
    'overseas',
    'other',
  ]);
});
