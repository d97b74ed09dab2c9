/** Words of what is kept for cases, in English. */
import type { SameKeys } from '../../ui/i18n/words.ts';
import type { held as zhCN } from './held-zh.ts';

export const held: SameKeys<typeof zhCN> = {
  title: 'Cases with kept records',
  lead: 'Records that customers agreed to have kept, encrypted at this counter until the case is done or the date has come. You see masked numbers and dates; nobody sees content.',
  count: 'Cases with kept records: {{n}}',
  trouble: ', of these damaged: {{n}}',
  number: 'Number',
  numberUnknown: 'Number unreadable',
  heldAt: 'Kept since',
  until: 'At the latest until',
  state: 'State',
  action: 'Serve',
  states: { held: 'Kept', ending: 'Being destroyed', damaged: 'Damaged, destroyed' },
  open: 'Customer is here',
  close: 'Case done',
  closeTitle: 'Is the case done?',
  closeBody:
    'What is kept is destroyed at once and cannot be restored. If the customer wants to see it first, let them.',
  closeYes: 'Done, destroy',
  closeNo: 'Not yet',
  damaged:
    'Kept files were damaged or exchanged (ZQ-3305). Nothing was opened and they are destroyed. Tell IT; if the customer still needs the records, make a new lookup.',
  busy: 'One customer at a time: finish this visit first.',
  sayRequest:
    'What was looked up for you last time is kept here. Would you like to open it now? You will be asked to prove who you are again.',
  sayReading:
    'They open on your screen only, as before. If I should see some, please tick and show them. A new report needs a new lookup.',
  keeps:
    'The customer agreed to keep: after closing, the records stay encrypted until {{until}}, destroyed when the case is done.',
  stays: 'What is kept stays as it is, until {{until}} at the latest.',
  goes: 'After closing, what is kept is destroyed at once.',
  done: 'Case done, or no follow-up needed: keep nothing',
  afterKept: 'Closing clears both screens; what is kept stays encrypted.',
  ended: 'The screens are clear. What is kept is unchanged and encrypted, until {{until}} at the latest.',
  rowStates: {
    kept: 'Kept until {{until}}',
    read: 'Kept records read, kept until {{until}}',
    done: 'Case done, kept records destroyed',
    over: 'Kept no longer',
  },
};
