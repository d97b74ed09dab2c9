import { describe, expect, it } from 'vitest';
import {
  formatCount,
  formatDay,
  formatInstant,
  formatMonth,
  formatShortDay,
  formatTime,
} from '../../../renderer/ui/format.ts';

describe('days and times in China', () => {
  it('writes days as people here write them', () => {
    expect(formatDay('2026-10-22', 'zh-CN')).toBe('10月22日');
    expect(formatDay('2026-10-22', 'zh-CN', true)).toBe('2026年10月22日');
    expect(formatDay('2026-10-22', 'en', true)).toBe('22 October 2026');
    expect(formatMonth('2026-10', 'zh-CN')).toBe('2026年10月');
    expect(formatMonth('2026-10', 'en')).toBe('October 2026');
    expect(formatShortDay('2026-10-02', 'zh-CN')).toBe('10/02');
  });

  it('writes instants in China Standard Time wherever the counter thinks it is', () => {
    const at = Date.parse('2026-10-21T16:05:30Z');
    expect(formatTime(at, 'zh-CN')).toBe('00:05');
    expect(formatTime(at, 'en', true)).toBe('00:05:30');
    expect(formatInstant(at, 'zh-CN')).toBe('10月22日 00:05');
    expect(formatInstant(at, 'en')).toBe('22 Oct 00:05');
  });

  it('groups thousands', () => {
    expect(formatCount(20_000, 'zh-CN')).toBe('20,000');
  });
});
