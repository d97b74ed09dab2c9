import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holdsLine, LONGEST, withPhrase } from '../../../renderer/staff/close/phrases.ts';

const none = '无需后续';
const bill = '转账单复核，三个工作日内回复';
const fraud = '已提醒防诈骗，建议报警';

describe('a ready phrase', () => {
  it('begins an empty text, and stands behind what was typed', () => {
    expect(withPhrase('', bill, none)).toBe(bill);
    expect(withPhrase('  \n', bill, none)).toBe(bill);
    expect(withPhrase('客户周五上午来取发票', bill, none)).toBe(`客户周五上午来取发票\n${bill}`);
  });

  it('pressed twice takes nothing away', () => {
    const typed = `客户周五上午来取发票\n${fraud}`;
    expect(withPhrase(typed, fraud, none)).toBe(typed);
    expect(withPhrase(`${fraud}，客户同意`, fraud, none)).toBe(`${fraud}，客户同意`);
  });

  it('takes back that there is nothing to follow', () => {
    expect(withPhrase(none, bill, none)).toBe(bill);
    expect(withPhrase(`已解释清楚\n${none}`, bill, none)).toBe(`已解释清楚\n${bill}`);
    expect(holdsLine(`已解释清楚\n${none}`, none)).toBe(true);
    // A sentence that says more is the clerk's own.
    expect(withPhrase(`${none}，但客户会再来`, bill, none)).toBe(`${none}，但客户会再来\n${bill}`);
    expect(holdsLine(`${none}，但客户会再来`, none)).toBe(false);
  });

  it('never loses a typed line, however often and in which order phrases are pressed', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ maxLength: 20 }), { maxLength: 6 }),
        fc.array(fc.constantFrom(none, bill, fraud), { maxLength: 8 }),
        (lines, pressed) => {
          const typed = lines.map((line) => line.replaceAll('\n', ' ')).join('\n');
          let text = typed;
          for (const phrase of pressed) text = withPhrase(text, phrase, phrase === none ? undefined : none);
          expect(text.startsWith(typed.trimEnd())).toBe(true);
          expect(text.length).toBeLessThanOrEqual(LONGEST);
          const last = pressed.at(-1);
          if (last !== undefined) expect(text.includes(last)).toBe(true);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
