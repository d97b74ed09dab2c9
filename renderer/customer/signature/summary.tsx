/** The sentence above the signature, in whose name it is, and each tick as it was given or not. */
import { useTranslation } from 'react-i18next';
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
    <div className="signing">
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
      {declined ? <p>{t('signature.declined', { list: declined })}</p> : null}
    </div>
  );
}
