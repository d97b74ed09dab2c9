/** The policy that the demo puts in force. */
import type { Policy } from '../../../shared/domain/policy.ts';
import { noticeEn, questionEn } from './notice-en.ts';
import { noticeZh, questionZh } from './notice-zh.ts';

const REVIEW_DAYS = 365;
const DAY_MS = 86_400_000;

/** @param validFrom epoch ms. */
export function demoPolicy(validFrom: number, version = 1): Policy {
  return {
    schema: 'zhiqing-policy/1',
    version,
    validFrom: new Date(validFrom).toISOString(),
    reviewBy: new Date(validFrom + REVIEW_DAYS * DAY_MS).toISOString(),
    operator: { name: '演示通信', nameEn: 'Demo Telecom', contact: '10000' },
    categories: ['sms', 'call', 'transaction'],
    purposes: ['own-copy', 'bill-dispute', 'nuisance', 'fraud-suspected', 'service-advice'],
    grants: ['lookup', 'analysis', 'release', 'keep', 'contact', 'marketing', 'richInk'],
    maxPeriodMonths: 6,
    consentMinutes: 60,
    caseDays: 30,
    identityProofs: ['service-password', 'one-time-code'],
    representatives: [
      {
        kind: 'guardian',
        documents: ['identity-card', 'household-register'],
        proofs: ['service-password', 'representative-identity-number'],
        purposes: ['own-copy', 'bill-dispute', 'nuisance', 'fraud-suspected'],
        grants: ['lookup', 'analysis', 'release', 'contact'],
        subjectUnder: 14,
        registered: true,
        witnessed: false,
      },
      {
        kind: 'agent',
        documents: ['identity-card', 'subject-identity-card', 'power-of-attorney'],
        proofs: ['one-time-code', 'representative-identity-number'],
        purposes: ['own-copy', 'bill-dispute', 'nuisance', 'fraud-suspected'],
        grants: ['lookup', 'analysis', 'release'],
        registered: false,
        witnessed: false,
      },
      {
        // Nobody can confirm: two members of staff do, and only for what relatives need (PIPL 49).
        kind: 'relative',
        documents: ['identity-card', 'death-certificate', 'kinship-proof'],
        proofs: ['representative-identity-number'],
        purposes: ['own-copy', 'fraud-suspected'],
        grants: ['lookup', 'analysis', 'release'],
        registered: false,
        witnessed: true,
      },
    ],
    identityTries: 5,
    questionTries: 3,
    notices: { 'zh-CN': noticeZh, en: noticeEn },
    questions: { 'zh-CN': questionZh, en: questionEn },
  };
}
