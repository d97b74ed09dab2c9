/** The people of the demo. All invented; numbers, names and identity numbers belong to nobody. */
import { createHmac } from 'node:crypto';
import { checkDigit } from '../../../shared/domain/identity-number.ts';
import type { Staff } from '../../../shared/domain/staff.ts';

export const DEMO_HALL = '演示营业厅';

/** Staff and their PINs, as docs/central.md lists them. */
export const demoStaff: readonly (Staff & { readonly pin: string })[] = [
  { id: '1024', name: '王芳', role: 'clerk', hall: DEMO_HALL, pin: '246810' },
  { id: '1025', name: '李强', role: 'manager', hall: DEMO_HALL, pin: '135791' },
  { id: '2001', name: '赵敏', role: 'auditor', hall: DEMO_HALL, pin: '864209' },
];

/** What a demo customer's records look like; see records.ts. */
type Profile = 'phone-buyer' | 'nuisance-calls' | 'repeat-purchases' | 'silent' | 'heavy';

export interface DemoCustomer {
  readonly number: string;
  readonly name: string;
  readonly profile: Profile;
  readonly servicePassword: string;
  /** Without its check digit; area 999999 does not exist. */
  readonly identityStem: string;
  /** Stem of the guardian whom a child's number is registered with. */
  readonly guardianStem?: string;
}

export const demoCustomers: readonly DemoCustomer[] = [
  {
    number: '13900010001',
    name: '张三',
    profile: 'phone-buyer',
    servicePassword: '258036',
    identityStem: '99999919560312001',
  },
  {
    number: '13900010002',
    name: '李四',
    profile: 'nuisance-calls',
    servicePassword: '369147',
    identityStem: '99999919710825002',
  },
  {
    number: '13900010003',
    name: '王五',
    profile: 'repeat-purchases',
    servicePassword: '147258',
    identityStem: '99999919881107003',
  },
  {
    number: '13900010004',
    name: '赵六',
    profile: 'silent',
    servicePassword: '159357',
    identityStem: '99999919480201004',
  },
  {
    number: '13900010005',
    name: '钱七',
    profile: 'heavy',
    servicePassword: '753951',
    identityStem: '99999919930519005',
  },
  {
    // Under fourteen: a guardian signs.
    number: '13900010006',
    name: '小雨',
    profile: 'nuisance-calls',
    servicePassword: '802468',
    identityStem: '99999920160601006',
    guardianStem: '99999919860214007',
  },
];

/** What a subscriber proves their identity with. */
export interface Credentials {
  readonly name: string;
  readonly servicePassword: string;
  readonly identityNumber: string;
  /** Of the guardian whom the number is registered with. */
  readonly guardianNumber?: string;
}

export interface CredentialOptions {
  /** Put into service passwords, so that a search finds where one has gone. */
  readonly sentinel?: string | undefined;
  /** Keeps passwords to digits (for a keypad) even with a sentinel. */
  readonly numericPasswords?: boolean | undefined;
}

/** Demo credentials of any number: listed for the demo's customers, derived for imported ones. */
export function credentialsOf(number: string, options: CredentialOptions = {}): Credentials {
  const customer = demoCustomers.find((one) => one.number === number);
  const derived = BigInt(`0x${createHmac('sha256', 'zhiqing-demo').update(number).digest('hex')}`);
  const year = 1940 + Number(derived % 60n);
  const order = Number((derived / 60n) % 1000n)
    .toString()
    .padStart(3, '0');
  const stem = customer?.identityStem ?? `999999${year}0101${order}`;
  const password = customer?.servicePassword ?? (derived % 1_000_000n).toString().padStart(6, '0');
  const marked = options.sentinel !== undefined && options.numericPasswords !== true;
  return {
    name: customer?.name ?? `客户${number.slice(-4)}`,
    servicePassword: marked ? `${options.sentinel}P${number.slice(-4)}` : password,
    identityNumber: stem + checkDigit(stem),
    ...(customer?.guardianStem === undefined
      ? {}
      : { guardianNumber: customer.guardianStem + checkDigit(customer.guardianStem) }),
  };
}
