/** How one-time codes reach a phone. */
import { readFileSync } from 'node:fs';
import { appendFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { maskNumber } from '../../shared/domain/mask.ts';
import type { ServiceKeys } from './keys.ts';

/** Port: an operator puts its short-message centre behind this. */
export interface SmsGateway {
  /** Sends a text to a number; resolves once it is accepted for delivery. */
  send(number: string, text: string): Promise<void>;
}

const messageSchema = z.strictObject({ phone: z.string(), text: z.string() });
/** A delivered text, as a person running the demo may see it. */
export type PhoneMessage = z.infer<typeof messageSchema>;

export interface DemoPhones extends SmsGateway {
  /** Texts that a phone has received, oldest first. */
  read(number: string): string[];
}

/**
 * Phones of the demo: files in a folder, named by a keyed hash so that no name tells a number.
 * @param onMessage told of each delivery, number masked.
 */
export function demoPhones(
  folder: string,
  keys: ServiceKeys,
  onMessage?: (message: PhoneMessage) => void,
): DemoPhones {
  const fileOf = (number: string) => join(folder, `${keys.pseudonym('number', number).slice(0, 32)}.jsonl`);
  return {
    send: async (number, text) => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const message = { phone: maskNumber(number), text };
      await appendFile(fileOf(number), `${JSON.stringify(message)}\n`, { mode: 0o600 });
      onMessage?.(message);
    },
    read: (number) => {
      let lines: string;
      try {
        lines = readFileSync(fileOf(number), 'utf8');
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
        throw error;
      }
      return lines
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => messageSchema.parse(JSON.parse(line)).text);
    },
  };
}
