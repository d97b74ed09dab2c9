import { describe, expect, test } from 'vitest';
import { canStop, languageFree, stepOf, stepsOf } from '../../../../renderer/customer/frame/steps.ts';
import type { CustomerView } from '../../../../shared/contract/views.ts';
import { scenes } from '../../gallery/customer-scenes.ts';

describe('steps', () => {
  test('idle, goodbye and clearing are no steps and can not be stopped', () => {
    for (const phase of [
      'idle',
      'closing',
      'closeFailed',
      'ended',
      'serving.finishing',
      'serving.followUp',
      'serving.finishFailed',
    ] as const) {
      expect(stepOf(phase)).toBeUndefined();
      expect(canStop(phase)).toBe(false);
    }
  });

  test('every other phase belongs to a step', () => {
    for (const { phase, presence, kept } of Object.values<CustomerView>(scenes)) {
      if (presence === 'here' && phase.startsWith('serving.') && !/finish/.test(phase)) {
        expect(stepsOf(kept?.again === true)).toContain(stepOf(phase));
      }
    }
  });

  test('the language is free before identity and after signing only', () => {
    expect(languageFree('serving.notice')).toBe(true);
    expect(languageFree('serving.reading')).toBe(true);
    expect(languageFree('serving.identity.entering')).toBe(false);
    expect(languageFree('serving.ticks')).toBe(false);
    expect(languageFree('serving.signature')).toBe(false);
  });
});
