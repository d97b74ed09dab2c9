/** Mutants that behave as the original does, by name, each with its reason. */

export interface Equivalent {
  readonly mutant: RegExp;
  readonly why: string;
}

const narrowing = 'the guard or action stands only where this is so: it is there for the type checker';

export const equivalents: Readonly<
  Record<'machine' | 'expressions' | 'gate' | 'central', readonly Equivalent[]>
> = {
  machine: [
    {
      mutant: /(reading|report|receipt)\.on\.SET_DISPLAY: not handled here/,
      why: 'the state around it does the same: the display is free again once there is an answer',
    },
    {
      mutant: /RECONSIDER\.guard: guard isDeclined removed|guard isDeclined: always true/,
      why: 'taking back a refusal that was not given takes nothing back',
    },
    {
      mutant: /^serving\.on\.KEEP_NOTHING\.1\.guard: guard keeps removed/,
      why: 'where keeping was not given there is nothing that could be kept no more',
    },
  ],
  expressions: [
    { mutant: /event\.type === '\w+' (&& left out|left out|taken for granted)/, why: narrowing },
    { mutant: /'(error|output)' in event|"(error|output)" in event/, why: narrowing },
    { mutant: /always toAppError\(event\.error\)/, why: narrowing },
    { mutant: /always \{ language: |always event\.output\.triesLeft|always appError\(/, why: narrowing },
    {
      mutant: /context\.report && left out/,
      why: 'a report that is being made has its options in the context',
    },
    {
      mutant: /context\.declined\.includes/,
      why: 'taking back a refusal that was not given takes nothing back',
    },
    { mutant: /&& !context\.witnessed left out/, why: 'every way to the pad forgets an earlier witness' },
    { mutant: /context\.noticePage\.of > 0/, why: 'a policy has a notice, and a notice a page' },
    { mutant: /!output\.passed && left out/, why: 'a pass is taken by the way before it' },
  ],
  gate: [],
  central: [
    {
      mutant: /if \(held === 'ended early'\) left out/,
      why: 'the next check refuses it too, under another name',
    },
    {
      mutant: /\|\| held === 'ended early' left out/,
      why: 'the next check refuses it too, under the same name',
    },
    { mutant: /version <= central\.policy: </, why: 'the version in force put in force again is the same' },
  ],
};
