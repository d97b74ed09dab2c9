import { describe, expect, it } from 'vitest';
import { Failure } from '../../shared/domain/errors.ts';
import { createDouble } from './double.ts';

describe('the double of window.zhiqing', () => {
  it('answers what it was told, and remembers the call', async () => {
    const double = createDouble('staff', { dayList: () => [] });
    expect(await double.api.call('dayList', { day: '2026-11-21' })).toEqual({ ok: true, value: [] });
    expect(double.calls).toEqual([{ name: 'dayList', args: { day: '2026-11-21' } }]);
  });

  it('refuses arguments and results that the contract does not know', async () => {
    const double = createDouble('staff');
    expect(await double.api.call('dayList', { day: 'yesterday' })).toMatchObject({
      ok: false,
      error: { kind: 'bad-input' },
    });
    // No answer is given and `{}` is no list.
    expect(await double.api.call('dayList', { day: '2026-11-21' })).toMatchObject({ ok: false });
  });

  it('turns a Failure into data', async () => {
    const double = createDouble('customer', {
      sign: () => {
        throw new Failure('signature-empty');
      },
    });
    const ink = { width: 10, height: 10, device: 'pen' as const, strokes: [[{ x: 1, y: 1, p: 0.5, t: 0 }]] };
    expect(await double.api.call('sign', ink)).toMatchObject({ error: { kind: 'signature-empty' } });
  });

  it('delivers events until the listener leaves', () => {
    const double = createDouble('customer');
    const heard: string[] = [];
    const stop = double.api.on('wipe', ({ sessionId }) => heard.push(sessionId));
    double.push('wipe', { sessionId: 'a' });
    stop();
    double.push('wipe', { sessionId: 'b' });
    expect(heard).toEqual(['a']);
  });
});
