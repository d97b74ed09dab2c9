/** Roots, roles and names of certificates that tools may take for the right ones. */
import type { EvidenceFiles } from '../../../electron/evidence/receipt.ts';
import { utf8 } from '../../../shared/canonical/bytes.ts';
import { makeHouse } from '../house.ts';
import { reseal } from '../mutations.ts';
import { AT } from '../visit.ts';
import { consent, type Forgery, forgery, party, play } from './scene.ts';

/** The true root first, the stranger's second, and everything signed by the stranger. */
async function twoRoots(order: 'first' | 'second'): Promise<EvidenceFiles> {
  const { rootPem } = await makeHouse(AT);
  return play({
    after: (files, { signer }, house) => {
      const blocks = order === 'first' ? rootPem + house.rootPem : house.rootPem + rootPem;
      return reseal({ ...files, 'ca.pem': utf8(blocks) }, signer);
    },
  });
}

export const trust: readonly Forgery[] = [
  {
    name: "the published root before the forger's",
    told: 'ca.pem',
    python: true,
    make: () => twoRoots('first'),
  },
  { name: 'another root behind the own one', told: 'ca.pem', python: true, make: () => twoRoots('second') },
  ...(
    [
      ['a remark before the root', (pem: string) => `remark\n${pem}`],
      ['a root in CR LF', (pem: string) => pem.replaceAll('\n', '\r\n')],
      ['a root in lines of 76', (pem: string) => pem.replace(/\n(.{12})(?=[^\n]*\n)/, '$1\n')],
      ['a line feed behind the root', (pem: string) => `${pem}\n`],
    ] as const
  ).map(([name, change]) =>
    forgery('ca.pem', name, {
      after: (files, { signer }, house) =>
        reseal({ ...files, 'ca.pem': utf8(change(house.rootPem)) }, signer),
    }),
  ),
  ...[
    'CN=counter-0001,OU=devices',
    'CN=counter-0001\\,OU\\=device,OU=x',
    'CN=counter-0001,OU=device,OU=other',
    'CN=counter-0001,OU=other,OU=device',
    'CN=counter-0001',
  ].map((subject) => forgery('receipt.p7s', `a counter called ${subject}`, { subject })),
  ...['CN=central,OU=centralised', 'CN=x\\,OU\\=central', 'CN=x,OU=central,OU=device'].map((centralSubject) =>
    forgery('acceptance.p7s', `central called ${centralSubject}`, { house: { centralSubject } }),
  ),
  forgery('parties', 'a counter of two names', { subject: 'CN=counter-0001,CN=counter-0002,OU=device' }),
  forgery('parties', "another counter's name in consent and log", { subject: 'CN=counter-0009,OU=device' }),
  consent(
    'another counter as party',
    (record) => {
      party(record, 'counter').id = 'counter-0002';
    },
    'parties',
  ),
];
