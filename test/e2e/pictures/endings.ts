/** Endings and troubles in pictures. */
import type { Language } from '../../../shared/domain/policy.ts';
import { openCounter } from '../support/counter.ts';
import { expect } from '../support/expect.ts';
import { people, playTo } from '../support/visit.ts';
import type { Series } from './camera.ts';

export async function endings(series: Series, language: Language): Promise<void> {
  const theirs = await series(`customer-${language}-endings`);
  const ours = await series(`staff-${language}-endings`);
  const counter = await openCounter({
    settings: { language, presence: { idleSeconds: 5, lastCallSeconds: 30 } },
    screens: '1280x800',
  });
  try {
    const { clerk, customer } = people(counter);
    await clerk.signIn();
    await playTo(counter, 'request', { number: '13900010001' });
    await expect(customer.page.getByRole('button', { name: customer.words.presence.here })).toBeVisible();
    await theirs.take(customer.page, 'still-there');
    await customer.press(customer.words.presence.here);
    await customer.press(customer.words.request.refuse);
    await clerk.phase('ended');
    await theirs.take(customer.page, 'refused');
    await ours.take(clerk.page, 'refused');
    await clerk.acknowledge();
    await playTo(counter, 'identity', { number: '13900010001' });
    await customer.prove({ password: '000000', code: '000000' });
    await expect(customer.page.getByText(customer.words.identity.wrong)).toBeVisible();
    await theirs.take(customer.page, 'wrong-proof');
    await clerk.cancel();
    await clerk.phase('ended');
    await clerk.acknowledge();
    await playTo(counter, 'reading', { number: '13900010004' });
    await expect(customer.page.getByText(customer.words.records.emptyTitle)).toBeVisible();
    await theirs.take(customer.page, 'no-records');
    await ours.take(clerk.page, 'no-records');
    await clerk.cancel();
    await clerk.phase('ended');
    await clerk.acknowledge();
    await counter.central.close();
    await clerk.start({ number: '13900010001' });
    await customer.accept();
    await ours.take(clerk.page, 'without-central');
    await customer.readNotice();
    await customer.phase('serving.identity.challengeFailed');
    await theirs.take(customer.page, 'central-away');
    await ours.take(clerk.page, 'central-away');
  } finally {
    await counter.close();
  }
}
