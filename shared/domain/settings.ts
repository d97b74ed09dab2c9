/** What IT sets for one counter: `counter.json`, read once at start. */
import { z } from 'zod';
import { languageSchema } from './policy.ts';

export const settingsSchema = z.strictObject({
  schema: z.literal('zhiqing-counter/1'),
  /** Shown on the idle screens. */
  hall: z.string().min(1).max(60),
  hallEn: z.string().min(1).max(60),
  /** Number of the counter in the hall, e.g. `3`. */
  counter: z.string().min(1).max(20),
  central: z.strictObject({
    /** `https://` address of the central service; mutual TLS. */
    url: z.url({ protocol: /^https$/ }),
    /** `https://` address of the enrolment service (RFC 7030). */
    enrolUrl: z.url({ protocol: /^https$/ }),
    /** PEM file of the operator's root; nothing else is trusted. Absolute, or relative to counter.json. */
    caFile: z.string().min(1),
    /** Request time limit, seconds. */
    timeoutSeconds: z.number().min(0.2).max(120).default(15),
  }),
  /** Used once to enrol; not needed afterwards. */
  enrolmentCode: z.string().min(8).max(200).optional(),
  deviceId: z.string().regex(/^[a-z0-9-]{3,40}$/),
  /** `auto`: two displays make two windows, one display makes hand-over. */
  displays: z.enum(['auto', 'handover']).default('auto'),
  language: languageSchema.default('zh-CN'),
  /** Seconds without a touch before the customer is asked, and from there to a quiet end. */
  presence: z
    .strictObject({ idleSeconds: z.number().min(1).max(600), lastCallSeconds: z.number().min(1).max(120) })
    .default({ idleSeconds: 60, lastCallSeconds: 20 }),
  /** Folder where reports for the customer are put (their memory stick's mount point, or a print queue's). */
  handoverFolder: z.string().min(1),
  /** Months that audit entries stay on the counter; six when left out. Once set longer it is never shortened. */
  auditRetentionMonths: z.number().int().min(6).max(120).optional(),
});
export type Settings = z.infer<typeof settingsSchema>;
