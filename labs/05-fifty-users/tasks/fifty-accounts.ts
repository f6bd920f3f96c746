import type { Task } from '../../../checker/step.ts'
import { typed } from './typed.ts'

export const fiftyAccounts: Task = {
  id: 'fifty-accounts',
  title: { en: 'Fifty accounts', fr: 'Cinquante comptes' },
  goal: {
    en: 'Turn `/root/accounts.csv` into accounts: each of the fifty people receives mail that nobody else can read. Logins become lower case without accents; lines that are there twice make one account; the system’s own account in the list stays as it is; unknown names are refused.',
    fr: 'Faites des comptes de `/root/accounts.csv` : chacune des cinquante personnes reçoit du courrier que personne d’autre ne peut lire. Les logins passent en minuscules sans accents ; une ligne en double fait un seul compte ; le compte système de la liste reste tel quel ; les noms inconnus sont refusés.',
  },
  hints: [
    {
      en: 'Look before you type: `wc -l`, `cut -d";" -f1 | sort | uniq -d`, and the same after folding capitals. Which names does `getent passwd` know already, before you start?',
      fr: 'Regardez avant de taper : `wc -l`, `cut -d";" -f1 | sort | uniq -d`, et pareil une fois les majuscules repliées. Quels noms `getent passwd` connaît-il déjà, avant de commencer ?',
    },
    {
      en: 'One rule catches three traps: fold the login first, and if `getent passwd` then knows it, leave the line alone, password included.',
      fr: 'Une seule règle évite trois pièges : repliez d’abord le login, et si `getent passwd` le connaît alors déjà, laissez la ligne tranquille, mot de passe compris.',
    },
    {
      en: '`LC_ALL=C.UTF-8 iconv -f UTF-8 -t ASCII//TRANSLIT` takes the accents off; without a UTF-8 locale it writes question marks. `tr A-Z a-z` does the rest.',
      fr: '`LC_ALL=C.UTF-8 iconv -f UTF-8 -t ASCII//TRANSLIT` enlève les accents ; sans locale UTF-8, il écrit des points d’interrogation. `tr A-Z a-z` fait le reste.',
    },
  ],
  solution: typed(`
export LC_ALL=C.UTF-8
while IFS=';' read -r login name password; do
  login=$(iconv -f UTF-8 -t ASCII//TRANSLIT <<<"$login" | tr A-Z a-z)
  getent passwd "$login" >/dev/null && continue
  adduser --quiet --disabled-password --shell /usr/sbin/nologin --comment "$name" "$login"
  echo "$login:$password" | chpasswd
done < /root/accounts.csv
`),
}
