/** One record in full. */
import { useTranslation } from 'react-i18next';
import type { RowFull } from '../../cache/records.ts';
import { useFormat } from '../../ui/use-format.ts';
import { Button } from '../frame/button.tsx';
import { Dialog } from '../frame/dialog.tsx';
import { Marked } from './row.tsx';

export interface DetailProps {
  row: RowFull;
  wanted: string;
  pick: { picked: boolean; released: boolean; onPick: (picked: boolean) => void } | undefined;
  onStep: ((by: -1 | 1) => void) | undefined;
  onOnlyPeer: (() => void) | undefined;
  onClose: () => void;
}

export function Detail({ row, wanted, pick, onStep, onOnlyPeer, onClose }: DetailProps) {
  const { t } = useTranslation('customer');
  const format = useFormat();
  return (
    <Dialog
      title={t('detail.title')}
      wide
      onClose={onClose}
      actions={
        <>
          {onStep ? (
            <>
              <Button onPress={() => onStep(-1)}>{t('detail.newer')}</Button>
              <Button onPress={() => onStep(1)}>{t('detail.older')}</Button>
            </>
          ) : null}
          {onOnlyPeer ? <Button onPress={onOnlyPeer}>{t('detail.onlyPeer')}</Button> : null}
          {pick && !pick.released ? (
            <Button pressed={pick.picked} onPress={() => pick.onPick(!pick.picked)}>
              {t(pick.picked ? 'detail.unpick' : 'detail.pick')}
            </Button>
          ) : null}
          <Button kind="primary" onPress={onClose}>
            {t('detail.close')}
          </Button>
        </>
      }
    >
      <dl className="facts">
        <dt>{t('detail.peer')}</dt>
        <dd>
          <Marked text={row.peer} wanted={wanted} />
        </dd>
        <dt>{t('detail.time')}</dt>
        <dd>{format.instant(row.at)}</dd>
        <dt>{t('detail.kind')}</dt>
        <dd>
          {t(`records.directionOf.${row.direction}`)} · {t(`categories.${row.category}`)}
        </dd>
      </dl>
      <h3 className="zq-hidden">{t('detail.text')}</h3>
      <p className="detail-text">
        <Marked text={row.text} wanted={wanted} />
      </p>
      {pick?.released ? <p className="soft">{t('records.released')}</p> : null}
    </Dialog>
  );
}
