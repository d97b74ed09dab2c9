/** All families, in the order in which they run. */
import type { Family } from './attack.ts';
import { chains } from './central/chains.ts';
import { clients } from './central/clients.ts';
import { consents } from './central/consents.ts';
import { endings } from './central/endings.ts';
import { lookups } from './central/lookups.ts';
import { signatures } from './central/signatures.ts';
import { staffTokens } from './central/tokens.ts';
import { handover } from './clerk/handover.ts';
import { clerk } from './clerk/order.ts';
import { starting } from './clerk/switches.ts';
import { fuzz } from './fuzz/fuzz.ts';
import { keptAtCentral } from './held/central.ts';
import { keptAtTheCounter } from './held/counter.ts';
import { keptOnTheDisk } from './held/disk.ts';
import { answers } from './network/answers.ts';
import { line } from './network/line.ts';
import { profiles } from './profile/profiles.ts';
import { customerRenderer, staffRenderer } from './renderers.ts';

export const families: readonly Family[] = [
  clients,
  staffTokens,
  consents,
  signatures,
  lookups,
  chains,
  endings,
  keptAtCentral,
  clerk,
  handover,
  starting,
  fuzz,
  line,
  answers,
  profiles,
  keptAtTheCounter,
  keptOnTheDisk,
  staffRenderer,
  customerRenderer,
];
