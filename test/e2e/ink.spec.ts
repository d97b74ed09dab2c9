/** The signature by pen and by finger; the mouse signs in every other story. */
import { expect, test } from '@playwright/test';
import { zhCN as customerWords } from '../../renderer/customer/i18n/zh-CN.ts';
import { inkSchema } from '../../shared/domain/ink.ts';
import { type Counter, openCounter } from './support/counter.ts';
import { people, playTo } from './support/visit.ts';

let counter: Counter;
test.afterEach(() => counter.close());

for (const device of ['pen', 'touch'] as const)
  test(`signs by ${device}`, async () => {
    counter = await openCounter();
    await people(counter).clerk.signIn();
    const { customer } = await playTo(counter, 'signature', { number: '13900010001' });
    const { page } = customer;
    const box = await page.getByRole('img', { name: customerWords.signature.pad }).boundingBox();
    if (!box) throw new Error('the signature pad has no place on the screen');
    const points = Array.from({ length: 30 }, (_, i) => ({
      x: box.x + box.width * (0.2 + i * 0.02),
      y: box.y + box.height * (0.5 + 0.15 * Math.sin(i / 3)),
    }));
    const input = await page.context().newCDPSession(page);

    await test.step('an empty pad is refused in words', async () => {
      await customer.press(customerWords.signature.sign);
      await expect(page.getByText(customerWords.signature.empty)).toBeVisible();
    });

    for (const [i, point] of points.entries()) {
      const last = i === points.length - 1;
      if (device === 'pen')
        await input.send('Input.dispatchMouseEvent', {
          type: i === 0 ? 'mousePressed' : last ? 'mouseReleased' : 'mouseMoved',
          ...point,
          button: 'left',
          buttons: 1,
          clickCount: i === 0 || last ? 1 : 0,
          pointerType: 'pen',
          force: 0.3 + i / 60,
        });
      else
        await input.send('Input.dispatchTouchEvent', {
          type: i === 0 ? 'touchStart' : last ? 'touchEnd' : 'touchMove',
          touchPoints: last ? [] : [{ ...point, force: 0.5 }],
        });
    }
    await customer.press(customerWords.signature.sign);
    await customer.phase('serving.reading');

    const { db } = counter.central.context;
    const { ink: kept } = await db.selectFrom('consent_evidence').select('ink').executeTakeFirstOrThrow();
    const ink = inkSchema.parse(typeof kept === 'string' ? JSON.parse(kept) : kept);
    expect(ink.device).toBe(device);
    expect(ink.strokes).toHaveLength(1);
    expect(ink.strokes[0]?.length).toBeGreaterThan(10);
    if (device === 'pen') expect(new Set(ink.strokes[0]?.map(({ p }) => p)).size).toBeGreaterThan(3);
  });

test('turned, resized and turned back, the ink is as it was; the next customer finds none of it', async () => {
  counter = await openCounter();
  const { clerk, customer } = people(counter);
  await clerk.signIn();
  await playTo(counter, 'signature', { number: '13900010001' });
  const { page } = customer;
  const inked = () =>
    page.locator('.pad-canvas').evaluate((canvas) => {
      if (!(canvas instanceof HTMLCanvasElement)) return -1;
      const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data;
      let count = 0;
      for (let i = 3; i < (pixels?.length ?? 0); i += 4) if ((pixels?.[i] ?? 0) > 0) count++;
      return count;
    });
  const input = await page.context().newCDPSession(page);
  const turn = (width: number, height: number) =>
    input.send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: false });

  await turn(1280, 800);
  await customer.draw();
  /** Once the canvas no longer changes. */
  const settled = async () => {
    let last = -1;
    await expect
      .poll(async () => {
        const [before, now] = [last, await inked()];
        last = now;
        return now === before;
      })
      .toBe(true);
    return last;
  };
  // Drawn live, a stroke's width follows the hand's speed; measured is what is laid out again.
  await turn(1100, 720);
  await settled();
  await turn(1280, 800);
  const before = await settled();
  expect(before).toBeGreaterThan(100);
  await turn(800, 1280);
  expect(await settled()).toBeGreaterThan(20);
  await turn(1280, 800);
  expect(await settled()).toBe(before);
  await input.send('Emulation.clearDeviceMetricsOverride');
  await customer.press(customerWords.signature.sign);
  await customer.phase('serving.reading');

  await test.step('no earlier signature is offered to anybody', async () => {
    await customer.finish();
    await clerk.phase('serving.followUp');
    await clerk.close('无需后续');
    await playTo(counter, 'signature', { number: '13900010002' });
    expect(await inked()).toBe(0);
    await customer.press(customerWords.signature.sign);
    await expect(page.getByText(customerWords.signature.empty)).toBeVisible();
  });
});
