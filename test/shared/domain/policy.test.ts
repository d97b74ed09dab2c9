import { describe, expect, it } from 'vitest';
import { noticeText, type Policy, policySchema } from '../../../shared/domain/policy.ts';
import { demoPolicy } from '../../central/policy/demo-policy.ts';

const notice = (language: 'zh-CN' | 'en') => ({
  language,
  title: `title ${language}`,
  short: ['one', 'two'],
  full: [{ id: 'a', heading: 'A', paragraphs: ['p', 'q'] }],
});
const policy = { notices: { 'zh-CN': notice('zh-CN'), en: notice('en') } } as unknown as Policy;

describe('keeping for a case', () => {
  const demo = demoPolicy(Date.parse('2026-11-22T00:00:00Z'));
  it('is offered with the days that it lasts, and without them not at all', () => {
    expect(policySchema.safeParse(demo).success).toBe(true);
    const { caseDays, ...undated } = demo;
    expect(caseDays).toBe(30);
    expect(policySchema.safeParse(undated).success).toBe(false);
    const grants = demo.grants.filter((grant) => grant !== 'keep');
    expect(policySchema.safeParse({ ...undated, grants }).success).toBe(true);
  });
  it.each([0, 91, 1.5])('never lasts %d days', (days) => {
    expect(policySchema.safeParse({ ...demo, caseDays: days }).success).toBe(false);
  });
});

describe('noticeText', () => {
  it('is every line the customer reads, in order, in their language', () => {
    expect(noticeText(policy, 'en')).toBe('title en\none\ntwo\nA\np\nq');
    expect(noticeText(policy, 'zh-CN')).not.toBe(noticeText(policy, 'en'));
  });
});
