/** All families, in the order in which they run. */
import type { Family } from './attack.ts';
import { chains } from './central/chains.ts';
import { clients } from './central/clients.ts';
import { consents } from './central/consents.ts';
import { lookups } from './central/lookups.ts';
import { signatures } from './central/signatures.ts';
import { staffTokens } from './central/tokens.ts';
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
  line,
  answers,
  profiles,
  staffRenderer,
  customerRenderer,
];
