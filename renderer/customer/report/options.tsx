/** What the report says: three questions, each with a safe answer set beforehand. */
import { useTranslation } from 'react-i18next';
import { maskName } from '../../../shared/domain/mask.ts';
import { Choices } from '../frame/choices.tsx';
import { useVisit } from '../visit/context.ts';
import { useMemory } from '../visit/memory.ts';

export function ReportOptions() {
  const { t } = useTranslation('customer');
  const { view } = useVisit();
  const { memory, remember } = useMemory();
  const { report } = memory;
  const change = (part: Partial<typeof report>) => remember({ report: { ...report, ...part } });
  return (
    <div className="stack">
      <Choices
        inline
        legend={t('report.name')}
        name="name-style"
        options={(['masked', 'full', 'hidden'] as const).map((value) => ({
          value,
          label: t(`report.nameStyles.${value}`),
          ...(view.name && value !== 'hidden' ? { hint: maskName(view.name, value) } : {}),
        }))}
        value={report.nameStyle}
        onChange={(nameStyle) => change({ nameStyle })}
      />
      <Choices
        inline
        legend={t('report.texts')}
        name="texts"
        options={[
          { value: 'yes' as const, label: t('report.textsYes') },
          { value: 'no' as const, label: t('report.textsNo') },
        ]}
        value={report.texts ? 'yes' : 'no'}
        onChange={(texts) => change({ texts: texts === 'yes' })}
      />
      <Choices
        inline
        legend={t('report.peers')}
        name="peers"
        options={(['masked', 'full'] as const).map((value) => ({
          value,
          label: t(`report.peerStyles.${value}`),
        }))}
        value={report.peers}
        onChange={(peers) => change({ peers })}
      />
    </div>
  );
}
