/** The demo notice in English: the same sections as the Chinese one, which is the one that counts in law. */
import type { Notice, Question } from '../../../shared/domain/policy.ts';

export const noticeEn: Notice = {
  language: 'en',
  title: 'Notice: looking up your own records',
  short: [
    'You have come to look up the records of your own number. Whether and what is looked up is your decision.',
    'Only the number, kinds, period and purpose that you sign for are looked up. Not one record more.',
    'The text of your messages appears on the screen in front of you only. Staff cannot see it.',
    'Staff see a message only if you tick it to show it to them.',
    'Staff see how many records there are, on which day, sent or received, and numbers with the middle hidden.',
    'You can stop or withdraw at any time. No reason is needed and your other business is not affected.',
    'When the visit ends, the keys are destroyed and nothing of your records stays here, unless you tick to keep them for a case.',
    'Ask the staff if anything is unclear, or call 10000 to complain.',
  ],
  full: [
    {
      id: 'who',
      heading: '1. Who handles your information',
      paragraphs: [
        'Demo Telecom Co., Ltd. ("we") handles it. We keep the records that arise when you use our service, and we answer for their safety.',
        'Our person in charge of personal information: privacy@demo.example. Customer service: 10000.',
      ],
    },
    {
      id: 'what',
      heading: '2. What is looked up',
      paragraphs: [
        'Your own number only, and only the kinds of records you agree to: text messages, calls, business transactions. They are separate. What you do not need is not looked up.',
        'You choose the period. It may begin at most six months ago and end today at the latest.',
        'To make sure that it is you, you enter your service password and a code that we send to your phone. They are compared and not kept. Staff learn only whether you passed.',
      ],
    },
    {
      id: 'why',
      heading: '3. What for',
      paragraphs: [
        'For the purpose you came with: a copy of your own records, a disputed bill, nuisance, suspected fraud, or advice on a service that suits you.',
        'The records are used for nothing else. We never offer you a product because of what a message says.',
      ],
    },
    {
      id: 'basis',
      heading: '4. On what basis',
      paragraphs: [
        'The Constitution protects the freedom and secrecy of correspondence. We open no content for this lookup without your own consent.',
        'The basis is your separate consent (Personal Information Protection Law, articles 13, 14 and 29; Civil Code, article 1033). To see and copy your own information is your right (Personal Information Protection Law, article 45).',
      ],
    },
    {
      id: 'who-sees',
      heading: '5. Who sees what',
      paragraphs: [
        'The text of messages, full numbers of others and the analysis open on the screen in front of you only. The staff screen never gets the key to them, so staff cannot see them.',
        'Staff see how many records there are, the day, sent or received, the kind, and numbers with the middle hidden. They need this to serve you.',
        'If you want staff to see some messages, tick them yourself and show them. What you do not tick, they never see.',
        'We give these records to nobody but you and the staff you choose to show them to. Authorities with a legal right to ask follow a procedure of their own, which has nothing to do with this visit.',
      ],
    },
    {
      id: 'sensitive',
      heading: '6. Sensitive information there may be',
      paragraphs: [
        'Messages may speak of banks, health or journeys, and of other people. Please see that nobody beside you can read your screen.',
        'Why it is needed: without opening the content you cannot check your own records. What it may mean: seen by others, it may bring nuisance or loss. A screen for you alone, hidden numbers and short-lived keys keep this small.',
        'A person under fourteen needs a parent or guardian who is present and agrees.',
      ],
    },
    {
      id: 'analysis',
      heading: '7. Analysis',
      paragraphs: [
        'If you agree, your screen counts your records by kind and time and points out what may be nuisance or fraud. This happens on your screen only. Results are not sent anywhere.',
        'Hints may be wrong. They change nothing in your service, tariff or credit. You may also read your records without any analysis.',
      ],
    },
    {
      id: 'keeping',
      heading: '8. Where it is kept, and how long',
      paragraphs: [
        'Records come to this counter encrypted, under keys that belong to the one consent you sign. If any part of the consent were changed, the records would not open.',
        'When the visit ends, when you withdraw, or when the consent expires (sixty minutes at most), the keys are destroyed first and the encrypted records deleted next. Nothing of them stays at this counter.',
        'If your matter takes longer, you may tick "keep" on its own: the records found stay encrypted at this counter until the case is done, for thirty days at the most. They open only when you come back and prove who you are; nothing new is looked up. At the end of that time, when the case is done or when you take this back, the key is destroyed first and the records deleted next. The lookup does not depend on it.',
        'So that it can be checked later, we keep the consent you signed, the notice as it was, your signature, and a log of who looked up how many records and when. They are kept for three years, in China, and hold no message text.',
      ],
    },
    {
      id: 'ink',
      heading: '9. Your signature',
      paragraphs: [
        'Your signature is kept as strokes, with deliberately coarse timing. It is not used to recognise how you write and is put on no other document.',
        'It is bound to the notice you saw and the boxes you ticked. Any later change can be detected.',
      ],
    },
    {
      id: 'rights',
      heading: '10. Your rights',
      paragraphs: [
        'You may see, copy, correct and complete your information, ask for it to be deleted, and ask us to explain our rules. If we refuse, we tell you why.',
        'You may withdraw at any time: press "Stop and leave", tell the staff, or call 10000. Keeping can be taken back on its own, with the code on the receipt or in person at any counter. What was done before stays done.',
        'If you do not agree, or withdraw, your other business is not affected, and we do not keep asking.',
      ],
    },
    {
      id: 'report',
      heading: '11. What you can take with you',
      paragraphs: [
        'You can have a report and a receipt of your consent. Your name and number are partly hidden in the report unless you choose otherwise. The report is yours to keep safe.',
        'The receipt carries a number. Anybody can check with public tools that it was not changed, without asking us.',
      ],
    },
    {
      id: 'complain',
      heading: '12. Complaints and changes',
      paragraphs: [
        'If you think we have not kept to this, tell the manager on duty, call 10000, or complain to the communications administration or the cyberspace authority. We answer within fifteen days.',
        'This notice is reviewed every year. When it changes, we ask for your consent again under the new version.',
      ],
    },
  ],
};

export const questionEn: Question = {
  id: 'who-sees-texts',
  text: 'In this lookup, who can see the text of your messages?',
  answers: [
    { id: 'staff', text: 'The staff who serve me see all of it' },
    { id: 'me', text: 'Only I can; staff see only the ones I tick to show them' },
    { id: 'all', text: 'Anybody in the hall' },
  ],
  correct: 'me',
  section: 'who-sees',
};
