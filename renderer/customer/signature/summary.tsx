/** The sentence above the signature, in whose name it is, and each tick as it was given or not. */
import { type ReactNode, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../frame/button.tsx';
import { useMoreBelow } from '../frame/use-more-below.ts';
import { useVisit } from '../visit/context.ts';
import { useRequestWords } from '../visit/words.ts';

export function Summary() {
  const { t } = useTranslation('customer');
  const { view } = useVisit();
  const words = useRequestWords();
  const { request, grants, representation } = view;
  if (!request || !grants) return null;
  const names = (given: boolean) =>
    view.grantChoices
      .filter((grant) => grants[grant] === given)
      .map((grant) => t(`ticks.grants.${grant}`))
      .join(t('signature.joiner'));
  const declined = names(false);
  return (
    <Signed>
      <p>{t('signature.summary', { ...words(request), minutes: view.consentMinutes ?? 0 })}</p>
      {representation.kind === 'self' ? null : (
        <p className="signing-for">
          {t(`signature.inTheNameOf.${representation.kind}`, {
            name: representation.name ?? '',
            number: request.maskedNumber,
          })}
        </p>
      )}
      <p>{t('signature.agreed', { list: names(true) })}</p>
      {grants.keep ? <p>{t('signature.keeps', { days: view.caseDays ?? 0 })}</p> : null}
      {declined ? <p>{t('signature.declined', { list: declined })}</p> : null}
    </Signed>
  );
}

/** Where the words are taller than their place they are scrolled, by hand or keyboard, and it says so. */
function Signed({ children }: { children: ReactNode }) {
  const { t } = useTranslation('customer');
  const box = useRef<HTMLElement>(null);
  const words = useRef<HTMLDivElement>(null);
  const more = useMoreBelow(box, words);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must take the keyboard (WCAG 2.1.1).
    <section className="signing" ref={box} aria-label={t('signature.what')} tabIndex={0}>
      <div className="signing-words" ref={words}>
        {children}
      </div>
      {more ? (
        <div className="sheet-more">
          <Button
            onPress={() => box.current?.scrollBy({ top: box.current.clientHeight * 0.8 })}
          >{`${t('frame.more')} ↓`}</Button>
        </div>
      ) : null}
    </section>
  );
}
