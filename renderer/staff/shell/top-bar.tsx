/** Hall, counter, who is signed in, and the switches of the window. */
import { useTranslation } from 'react-i18next';
import type { Language } from '../../../shared/domain/policy.ts';
import type { Command } from '../../ui/api.ts';
import { endonyms } from '../../ui/i18n/endonyms.ts';
import { Icon } from '../../ui/icons.tsx';
import { useStaff } from '../context.ts';
import { ActionButton } from './action-button.tsx';

export type Page = 'visit' | 'dayList';

/** How the window looks, and what changes it. */
export interface WindowSwitches {
  language: Language;
  isNight: boolean;
  onLanguage: () => void;
  onNight: () => void;
}

interface TopBarProps extends WindowSwitches {
  page: Page;
  onPage: (page: Page) => void;
  onKeys: () => void;
  signOut: Command<[]>;
}

export function TopBar(props: TopBarProps) {
  const { language, isNight, onLanguage, onNight, page, onPage, onKeys, signOut } = props;
  const { t } = useTranslation();
  const { view } = useStaff();
  const { staff } = view;
  return (
    <header className="staff-top">
      <h1>
        <span className="staff-mark" aria-hidden="true" />
        {t('product')}
      </h1>
      <p className="staff-place">
        {language === 'en' ? view.hallEn : view.hall} <span>{t('counter', { counter: view.counter })}</span>
      </p>
      <nav className="staff-switches">
        {staff && staff.role !== 'auditor' ? (
          <>
            <ActionButton
              isQuiet
              shortcut="Alt+2"
              isPressed={page === 'visit'}
              onPress={() => onPage('visit')}
            >
              {t('top.visit')}
            </ActionButton>
            <ActionButton
              isQuiet
              shortcut="Alt+3"
              isPressed={page === 'dayList'}
              onPress={() => onPage('dayList')}
            >
              {t('top.dayList')}
            </ActionButton>
          </>
        ) : null}
        <ActionButton isQuiet shortcut="Alt+4" label={t('top.languageName')} onPress={onLanguage}>
          <Icon name="globe" />
          <span lang={language === 'en' ? 'zh-CN' : 'en'}>
            {endonyms[language === 'en' ? 'zh-CN' : 'en']}
          </span>
        </ActionButton>
        <ActionButton isQuiet shortcut="Alt+5" onPress={onNight}>
          <Icon name={isNight ? 'sun' : 'moon'} />
          {isNight ? t('top.day') : t('top.night')}
        </ActionButton>
        <ActionButton isQuiet shortcut="Alt+0" onPress={onKeys}>
          <Icon name="keyboard" />
          {t('top.shortcuts')}
        </ActionButton>
        {staff ? (
          <ActionButton isQuiet shortcut="Alt+9" isBusy={signOut.busy} onPress={() => void signOut.run()}>
            <Icon name="exit" />
            {t('top.signOut')}
          </ActionButton>
        ) : null}
      </nav>
    </header>
  );
}
