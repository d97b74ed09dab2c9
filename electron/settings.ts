/** `counter.json`: what IT sets for this counter, read once at start; nothing runs without it. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Settings, settingsSchema } from '../shared/domain/settings.ts';
import { StartRefusal } from './start-refusal.ts';

/** Settings with their files found: paths absolute, the root certificate read. */
export interface CounterSettings extends Settings {
  /** PEM of the operator's root. */
  caPem: string;
}

/**
 * Reads `counter.json` of a profile.
 * @throws StartRefusal naming the file, the field and what to do; never a value.
 */
export function readSettings(userData: string): CounterSettings {
  const path = resolve(userData, 'counter.json');
  const settings = parse(
    path,
    readText(path, '或用 --user-data-dir 指定配置目录', 'choose the profile with --user-data-dir'),
  );
  const caFile = resolve(dirname(path), settings.central.caFile);
  // The name may be what is wrong, not the file.
  const caPem = readText(caFile, `或检查 ${path} 中的 central.caFile`, `check central.caFile in ${path}`);
  if (!caPem.includes('-----BEGIN CERTIFICATE-----')) {
    throw new StartRefusal(
      `${caFile} 不是 PEM 格式的根证书。请检查 ${path} 中的 central.caFile。`,
      `${caFile} is no PEM certificate. Check central.caFile in ${path}.`,
    );
  }
  return { ...settings, handoverFolder: resolve(dirname(path), settings.handoverFolder), caPem };
}

/** @param elseZh what else may be done about a file that cannot be read, in Chinese @param elseEn and in English */
function readText(path: string, elseZh: string, elseEn: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    throw new StartRefusal(
      `无法读取 ${path}(${reason})。请由信息技术人员放置该文件,${elseZh}。`,
      `${path} cannot be read (${reason}). Ask IT to put it there, or ${elseEn}.`,
    );
  }
}

function parse(path: string, text: string): Settings {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new StartRefusal(
      `${path} 不是有效的 JSON。请修正后重新启动。`,
      `${path} is not valid JSON. Correct it and start again.`,
    );
  }
  // SECURITY: S3 an unknown or misspelt field is refused, not ignored.
  const parsed = settingsSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues
    .map((issue) => {
      const unknown = issue.code === 'unrecognized_keys' ? issue.keys.join(', ') : '';
      return [...issue.path.map(String), unknown].filter((part) => part !== '').join('.') || '(whole file)';
    })
    .join(', ');
  throw new StartRefusal(
    `${path} 中以下字段有误:${fields}。请按 docs/ 中的说明修正后重新启动。`,
    `${path} has wrong fields: ${fields}. Correct them as docs/ explains and start again.`,
  );
}
