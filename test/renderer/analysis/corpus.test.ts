import { expect, test } from 'vitest';
import { classify } from '../../../renderer/analysis/classify.ts';
import { readCorpus } from './corpus.ts';

const corpus = readCorpus();

/** What a label counts as: phishing, fraud and unlawful offers are what a customer is to be warned of. */
function expected(label: string): 'suspected-fraud' | 'promotion' | 'personal' {
  if (label === 'personal') return 'personal';
  return label.startsWith('promo-') ? 'promotion' : 'suspected-fraud';
}

test.skipIf(corpus === undefined)(
  `precision and recall over real messages${corpus === undefined ? ' (skipped: the corpus is not beside this checkout)' : ''}`,
  () => {
    const found = (corpus ?? []).map(({ label, text }) => ({
      expected: expected(label),
      // Without a sender: who sent them is not in the corpus.
      kind: classify({ peer: '', text, direction: 'in', category: 'sms' }).kind,
    }));
    for (const kind of ['suspected-fraud', 'promotion'] as const) {
      const named = found.filter((message) => message.kind === kind);
      const right = named.filter((message) => message.expected === kind).length;
      const precision = right / named.length;
      const recall = right / found.filter((message) => message.expected === kind).length;
      console.log(
        `${kind}: precision ${precision.toFixed(3)}, recall ${recall.toFixed(3)} of ${found.length} messages`,
      );
      // What was reached when the rules were written; a change that loses it is to be noticed.
      expect(precision).toBeGreaterThan(0.9);
      expect(recall).toBeGreaterThan(0.75);
    }
    const personal = found.filter((message) => message.expected === 'personal');
    const suspected = personal.filter((message) => message.kind === 'suspected-fraud').length;
    console.log(`private messages suspected: ${suspected} of ${personal.length}`);
    expect(suspected / personal.length).toBeLessThan(0.001);
  },
);
