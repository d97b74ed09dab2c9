import { describe, expect, it } from 'vitest';
import { noticeText, type Policy } from '../../../shared/domain/policy.ts';

const notice = (language: 'zh-CN' | 'en') => ({
  language,
  title: `title ${language}`,
  short: ['one', 'two'],
  full: [{ id: 'a', heading: 'A', paragraphs: ['p', 'q'] }],
});
const policy = { notices: { 'zh-CN': notice('zh-CN'), en: notice('en') } } as unknown as Policy;

describe('noticeText', () => {
  it('is every line the customer reads, in order, in their language', () => {
    expect(noticeText(policy, 'en')).toBe('title en\none\ntwo\nA\np\nq');
    expect(noticeText(policy, 'zh-CN')).not.toBe(noticeText(policy, 'en'));
  });
});
