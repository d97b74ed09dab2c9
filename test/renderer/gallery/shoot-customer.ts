/** Takes a picture of every scene of the customer's window: `node test/renderer/gallery/shoot-customer.ts DIR [scene…]`. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Moment, moments, prepareCustomer } from './customer-actions.ts';
import { startGallery } from './harness.ts';

const listed = (list: string | undefined, name: string) =>
  list === undefined || list.split(',').includes(name);
const [folder = 'out/gallery', ...only] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const sizes = [
  { width: 1920, height: 1080 },
  { width: 1280, height: 800 },
];
// SIZES=1280x800,… and LOOKS=zh-CN-large,… narrow what is taken.
const looks = [
  { language: 'zh-CN' as const, large: false },
  { language: 'zh-CN' as const, large: true },
  { language: 'en' as const, large: false },
  { language: 'en' as const, large: true },
];
const gallery = await startGallery('customer.html');
try {
  for (const moment of Object.keys(moments) as Moment[]) {
    if (only.length > 0 && !only.includes(moment)) continue;
    for (const size of sizes) {
      for (const look of looks) {
        const lookName = `${look.language}-${look.large ? 'large' : 'normal'}`;
        if (
          !listed(process.env.SIZES, `${size.width}x${size.height}`) ||
          !listed(process.env.LOOKS, lookName)
        )
          continue;
        const shown = await prepareCustomer(gallery, moment, size, look);
        const name = `${moment}-${size.width}-${lookName}.png`;
        await shown.page.screenshot({ path: join(folder, name) });
        for (const complaint of shown.complaints) console.error(name, complaint);
        await shown.close();
      }
    }
  }
} finally {
  await gallery.close();
}
