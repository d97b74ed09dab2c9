/** Who works at the counter. */
import { z } from 'zod';

export const staffRoles = ['clerk', 'manager', 'auditor'] as const;
export const staffRoleSchema = z.enum(staffRoles);

/** A signed-in member of staff, as shown on the screens. */
export const staffSchema = z.strictObject({
  id: z.string().regex(/^\d{3,8}$/, 'a staff number of 3 to 8 digits'),
  name: z.string().min(1).max(40),
  role: staffRoleSchema,
  hall: z.string().min(1).max(60),
});
export type Staff = z.infer<typeof staffSchema>;

/** What staff type to sign in. */
export const credentialsSchema = z.strictObject({
  staffId: z.string().regex(/^\d{3,8}$/),
  pin: z.string().min(6).max(64),
});
export type Credentials = z.infer<typeof credentialsSchema>;
