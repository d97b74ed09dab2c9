/** Words that both windows use, in English. */
import type { SameKeys } from './words.ts';
import type { zhCN } from './zh-CN.ts';

export const en: SameKeys<typeof zhCN> = {
  product: 'Zhiqing',
  language: { 'zh-CN': 'Chinese', en: 'English', label: 'Language' },
  category: { sms: 'Text messages', call: 'Calls', transaction: 'Transactions' },
  categoryRecords: {
    sms: 'text message records',
    call: 'call records',
    transaction: 'business transaction records',
  },
  purpose: {
    'own-copy': 'Own copy',
    'bill-dispute': 'Checking a bill',
    nuisance: 'Nuisance calls or messages',
    'fraud-suspected': 'Suspected fraud',
    'service-advice': 'Service advice',
  },
  outcome: {
    completed: 'Completed',
    refused: 'Customer declined',
    'not-my-number': 'Not their number',
    'identity-failed': 'Identity not confirmed',
    'not-understood': 'Notice not understood',
    stopped: 'Customer stopped',
    abandoned: 'Customer left',
    expired: 'Consent expired',
    withdrawn: 'Consent withdrawn',
    'held-lost': 'Kept records not opened',
    'cancelled-by-staff': 'Ended by staff',
  },
  direction: { in: 'Received', out: 'Sent' },
  representation: {
    self: 'The subject',
    guardian: 'Guardian',
    agent: 'Agent',
    relative: 'Relative of the deceased',
  },
  document: {
    'identity-card': 'Card of who acts',
    'subject-identity-card': 'Card of the subject',
    'household-register': 'Household register',
    'power-of-attorney': 'Power of attorney',
    'death-certificate': 'Death certificate',
    'kinship-proof': 'Proof of kinship',
  },
  grant: {
    lookup: 'Look up records',
    analysis: 'Analysis on this device',
    release: 'Show to staff',
    keep: 'Keep until the case is done',
    contact: 'Contact later',
    marketing: 'Offers later',
    richInk: 'Rhythm of the signature',
  },
  role: { clerk: 'Clerk', manager: 'Duty manager', auditor: 'Auditor' },
  format: {
    range: '{{from}} to {{to}}',
    days: '{{n}} d',
    seconds: '{{n}} s',
    minutes: '{{n}} min',
    hours: '{{n}} h',
    ago: '{{span}} ago',
    join: ', ',
    none: '—',
  },
  error: {
    title: 'Something went wrong',
    attention: 'Please note',
    what: 'What happened',
    safe: 'What is safe',
    do: 'What to do',
    code: 'Code {{code}} (for IT)',
    tries: 'Tries left: {{n}}.',
    retry: 'Try again',
  },
  errors: {
    'bad-input': {
      what: 'Something entered does not fit.',
      safe: 'Nothing was done; what was there is unchanged.',
      do: 'Check what is marked, mend it and try again.',
    },
    'wrong-state': {
      what: 'This cannot be done at this step.',
      safe: 'The visit stands where it stood; nothing changed.',
      do: 'Go on with the step on the screen.',
    },
    forbidden: {
      what: 'This is not permitted.',
      safe: 'It was refused; nothing was opened.',
      do: 'If it is really needed, speak to the duty manager.',
    },
    'not-signed-in': {
      what: 'Nobody is signed in at this counter.',
      safe: 'Without a sign-in no lookup is sent.',
      do: 'Sign in with your staff number and PIN.',
    },
    'sign-in-refused': {
      what: 'The staff number or PIN is not right.',
      safe: 'The counter stayed closed; no customer is affected.',
      do: 'Check and enter them again. An administrator can reset a forgotten PIN.',
    },
    'pin-refused': {
      what: 'The PIN is not right; the screen did not change hands.',
      safe: 'Nothing of the customer was shown to anyone.',
      do: 'The clerk signed in here should enter the PIN again.',
    },
    'too-many-tries': {
      what: 'All tries are used; there can be no more for now.',
      safe: 'To protect the customer, entry is stopped. Nothing got out.',
      do: 'Come back later, or confirm identity another way by the rules of the hall.',
    },
    'staff-session-expired': {
      what: 'The sign-in has expired.',
      safe: 'What was saved is kept; no new lookup was sent.',
      do: 'Sign in again to go on.',
    },
    'central-unreachable': {
      what: 'The central service cannot be reached for now.',
      safe: 'Nothing is lost. If something was signed, it is kept here and need not be signed again.',
      do: 'Wait a moment and try again. If it keeps failing, tell IT the code.',
    },
    'central-refused': {
      what: 'The central service did not accept the request.',
      safe: 'No records were taken out.',
      do: 'Check the scope. If it is still unclear, tell IT the code.',
    },
    'central-failed': {
      what: 'The central service had a problem.',
      safe: 'Steps already done are kept; no records were taken out.',
      do: 'Try again in a moment. If it keeps failing, tell IT the code.',
    },
    'central-garbage': {
      what: 'The answer made no sense and was thrown away.',
      safe: 'Nothing incomplete was shown or kept.',
      do: 'Try once more. If it happens again, tell IT the code.',
    },
    'central-untrusted': {
      what: 'The other side could not prove that it is the central service.',
      safe: 'The counter refused to connect; nothing of a customer was sent.',
      do: 'Stop work and tell IT the code at once.',
    },
    'not-enrolled': {
      what: 'This counter is not enrolled yet.',
      safe: 'A counter that is not enrolled cannot look up records.',
      do: 'Ask IT to enrol it.',
    },
    'unknown-subscriber': {
      what: 'This number is not known.',
      safe: 'No records were looked up.',
      do: 'Check the number with the customer and start again.',
    },
    'identity-failed': {
      what: 'Identity could not be confirmed.',
      safe: 'No records were opened.',
      do: 'Let the customer enter it once more, without hurry.',
    },
    'code-expired': {
      what: 'The one-time code has expired.',
      safe: 'An expired code opens nothing.',
      do: 'Let the customer ask for a new code.',
    },
    'identity-expired': {
      what: 'The time for which an identity check counts is over.',
      safe: 'Nothing was opened.',
      do: 'Start a new visit and check the identity again.',
    },
    'period-too-long': {
      what: 'The period goes back further than is allowed.',
      safe: 'No records were looked up.',
      do: 'Choose a later first day.',
    },
    'period-not-valid': {
      what: 'The period does not fit: it must start before it ends, and end today or earlier.',
      safe: 'No records were looked up.',
      do: 'Mend the dates, then start.',
    },
    'policy-changed': {
      what: 'A new version of the notice came into force meanwhile.',
      safe: 'What was signed under the old version is not used.',
      do: 'Start over, so that the customer reads the new notice.',
    },
    'policy-expired': {
      what: 'The notice is past its review date and cannot be used.',
      safe: 'No expired notice was shown to the customer.',
      do: 'Ask an administrator to renew it; do no lookups until then.',
    },
    'consent-required': {
      what: "Without the customer's consent there is no lookup.",
      safe: 'No records were looked up.',
      do: 'Let the customer read, choose and sign on their own screen.',
    },
    'consent-rejected': {
      what: 'This consent did not pass the check.',
      safe: 'No records were taken out under it.',
      do: 'End this visit and start over.',
    },
    'consent-expired': {
      what: 'This consent has expired.',
      safe: 'The records are closed and their keys destroyed.',
      do: 'If the customer still needs them, start a new visit.',
    },
    'scope-exceeded': {
      what: 'This goes beyond what the customer agreed to.',
      safe: 'It was refused; nothing outside the scope was opened.',
      do: 'Stay within what the customer agreed to.',
    },
    'withdrawal-code-unknown': {
      what: 'No consent belongs to this code.',
      safe: 'Nothing was withdrawn and nothing was changed.',
      do: 'Compare the code with the receipt. If the consent was given at a counter without a line, try again later.',
    },
    'witness-refused': {
      what: 'That did not count as a witness.',
      safe: 'What the customer signed is kept and was not submitted.',
      do: 'It has to be a colleague who is present, with the right number and PIN. Let them enter it again.',
    },
    'representation-refused': {
      what: 'The rules in force do not allow this representation.',
      safe: 'Nothing was looked up.',
      do: "Check who represents whom, the papers, the purpose and the subject's age. Correct it and start again.",
    },
    'signature-empty': {
      what: 'The signature is too short to be one.',
      safe: 'Nothing was submitted.',
      do: 'Let the customer sign again in the signature field.',
    },
    'manifest-rejected': {
      what: "The list of records does not match the customer's consent.",
      safe: 'The list was thrown away; no records were opened.',
      do: 'End the visit and tell IT the code.',
    },
    'records-incomplete': {
      what: 'The records are not complete; the count does not match.',
      safe: 'Incomplete records are not shown, so that nobody is misled.',
      do: 'Try again. If it happens again, tell IT the code.',
    },
    'page-unreadable': {
      what: 'Some of the records cannot be opened.',
      safe: 'That part is not shown; the rest is unchanged.',
      do: 'Try again. If it happens again, tell IT the code.',
    },
    'not-released': {
      what: 'The customer has not shown this record.',
      safe: "Its content is still on the customer's screen only.",
      do: 'If it is really needed, ask the customer whether they want to show it.',
    },
    'held-damaged': {
      what: 'The kept files are damaged or were exchanged; they do not open.',
      safe: 'Nothing was opened, and the kept files are destroyed.',
      do: 'If the customer still needs the records, make a new lookup, and tell IT the code.',
    },
    'held-ended': {
      what: 'They are kept no longer: past the date, case done, or taken back.',
      safe: 'Nothing was opened; the kept files are destroyed or going.',
      do: 'If the customer still needs the records, make a new lookup.',
    },
    'report-failed': {
      what: 'The report was not made.',
      safe: 'Records and consent are unchanged.',
      do: 'Try again. If it keeps failing, tell IT the code.',
    },
    'save-failed': {
      what: 'It was not saved.',
      safe: 'Everything is still here; no half file was left behind.',
      do: 'Check the memory stick or printer, then try again.',
    },
    'audit-failed': {
      what: 'The audit log could not be written, or does not agree with central, so work was halted.',
      safe: 'What cannot be logged is not done.',
      do: 'Stop work and tell IT the code.',
    },
    'storage-failed': {
      what: 'The storage of this counter had a problem.',
      safe: 'What was not stored is not used.',
      do: 'Try again. If it happens again, tell IT the code.',
    },
    'erase-failed': {
      what: 'Erasing is not finished yet.',
      safe: 'The keys went first; what is left cannot be read.',
      do: 'Try again, and stay at the counter until it is done.',
    },
    internal: {
      what: 'The program had an unexpected problem.',
      safe: 'When in doubt it refuses: no records were opened.',
      do: 'End this visit. If it happens again, tell IT the code.',
    },
  },
  envelope: {
    sealed: 'Content sealed',
    content:
      "Message texts and full numbers are the customer's own. They open on the customer's screen only.",
    identity: 'The customer enters passwords, codes and identity numbers. Here you see pass or fail only.',
    ask: 'If it is really needed, ask the customer whether they want to tick and show it.',
  },
  waiting: 'Reading',
};
