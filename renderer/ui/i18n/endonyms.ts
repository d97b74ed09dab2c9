/** Each language by its own name, the same in every catalogue: who can't read this screen finds theirs. */
import type { Language } from '../../../shared/domain/policy.ts';

export const endonyms: Readonly<Record<Language, string>> = { 'zh-CN': '中文', en: 'English' };
