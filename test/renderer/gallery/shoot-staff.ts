/** Takes a picture of every scene of the staff window: `node test/renderer/gallery/shoot-staff.ts DIR [scene…]`. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startGallery } from './harness.ts';
import { prepare } from './staff-actions.ts';
import { type SceneName, scenes } from './staff-scenes.ts';

const [folder = 'out/gallery', ...only] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const sizes = [
  { width: 1920, height: 1080 },
  { width: 1366, height: 768 },
];
const looks = [
  { language: 'zh-CN', light: 'day' },
  { language: 'en', light: 'day' },
  { language: 'zh-CN', light: 'night' },
] as const;
const gallery = await startGallery('staff.html');
try {
  for (const scene of Object.keys(scenes) as SceneName[]) {
    if (only.length > 0 && !only.includes(scene)) continue;
    for (const size of sizes) {
      for (const look of looks) {
        const shown = await gallery.open(scene, size);
        await prepare(shown.page, scene, look);
        const name = `${scene}-${size.width}-${look.language}-${look.light}.png`;
        await shown.page.screenshot({ path: join(folder, name) });
        for (const complaint of shown.complaints) console.error(name, complaint);
        await shown.close();
      }
    }
  }
} finally {
  await gallery.close();
}
