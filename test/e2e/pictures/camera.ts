/** Pictures of one series, numbered in the order in which they are taken. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import sharp from 'sharp';

/** The picture in a palette: a third of the size, and nobody sees the difference. */
export const small = (png: Buffer) => sharp(png).png({ palette: true, colours: 96, effort: 8 }).toBuffer();

/** Takes numbered pictures of one series into its folder. */
export class Camera {
  readonly #folder: string;
  #taken = 0;
  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** @param folder of this series alone: what was in it goes, what lies beside it stays. */
  static async in(folder: string): Promise<Camera> {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    return new Camera(folder);
  }

  async take(page: Page, name: string): Promise<void> {
    this.#taken += 1;
    const file = `${String(this.#taken).padStart(2, '0')}-${name}.png`;
    // Motion ends and fonts are there before the picture is taken.
    await page.evaluate(() => document.fonts.ready);
    const png = await page.screenshot({ animations: 'disabled', scale: 'css' });
    await writeFile(join(this.#folder, file), await small(png));
  }
}

/** Begins a series of this name: a folder of its own. */
export type Series = (name: string) => Promise<Camera>;
