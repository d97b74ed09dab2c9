import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** Real labelled messages, where a checkout has them beside it. Never copied into the project. */
const CORPUS = resolve(import.meta.dirname, '../../../../shared/data/sms-zh/messages.tsv');

export interface LabelledMessage {
  readonly label: string;
  readonly text: string;
}

/** Undefined where the corpus is absent. */
export function readCorpus(): LabelledMessage[] | undefined {
  if (!existsSync(CORPUS)) return undefined;
  return readFileSync(CORPUS, 'utf8')
    .split('\n')
    .filter((line) => line.includes('\t'))
    .map((line) => {
      const [label = '', text = ''] = line.split('\t');
      return { label, text: label === 'personal' ? text : asLive(text) };
    });
}

/** Cut words joined again, and placeholders given a value of the kind they stand for. */
function asLive(text: string): string {
  return text
    .replace(/CELLPHONE/g, ' 13800138000 ')
    .replace(/HOTLINE/g, ' 400-123-4567 ')
    .replace(/PHONE/g, ' 0551-62345678 ')
    .replace(/WECHAT/g, ' 微信abc12345 ')
    .replace(/QQ/g, ' QQ12345678 ')
    .replace(/URL/g, ' http://t.example.cn/a1 ')
    .replace(/DIGIT/g, '88')
    .replace(/NAME|PLACE|BANK/g, '')
    .replace(/(?<=\p{Script=Han})\s+(?=\p{Script=Han})/gu, '');
}
