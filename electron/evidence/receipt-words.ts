/** What a receipt says of withdrawing and of checking, in both languages: it is read without us. */
import type { Receipt } from '../../shared/domain/receipt.ts';

/** @param contact the operator's hotline */
export function withdrawalWords(contact: string): Receipt['withdrawal']['how'] {
  return {
    'zh-CN': `您可以随时撤回同意,无需说明理由:凭撤回码到任一营业厅柜台;或致电 ${contact};或本人到任一柜台办理。撤回后,任何人不能再凭本次同意查询您的记录。`,
    en: `You can withdraw at any time and need give no reason: with the withdrawal code at any counter, by calling ${contact}, or in person at any counter. After that nobody can look up your records under this consent.`,
  };
}

export function verificationWords(): Receipt['verify'] {
  return {
    'zh-CN':
      '任何人都可以离线核验本凭证,无需联系我们:PDF 文件用任意阅读器查看数字签名;其余文件按 docs/verify.md,用 openssl 或 npm run verify -- 文件夹 核验。请将 ca.pem 的指纹与运营商公布的指纹比对。',
    en: 'Anybody can check this evidence offline without asking us: PDF files with any reader that shows digital signatures; the other files as docs/verify.md says, with openssl or npm run verify -- FOLDER. Compare the fingerprint of ca.pem with the one that the operator publishes.',
  };
}
