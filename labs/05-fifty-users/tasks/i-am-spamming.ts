import type { Task } from '../../../checker/step.ts'
import { typed } from './typed.ts'

export const iAmSpamming: Task = {
  id: 'i-am-spamming',
  title: { en: 'I am spamming! (rehearsal)', fr: 'Je spamme ! (répétition)' },
  goal: {
    en: 'When you are ready, type `rehearsal` on the desk: a member’s password is stolen, and spam leaves through your server. Stop it, find the account, close it, empty its queue and nobody else’s, start again: the others’ mail must still leave.',
    fr: 'Quand vous le voulez, tapez `rehearsal` sur le bureau : le mot de passe d’une personne est volé, et du spam part par votre serveur. Arrêtez tout, trouvez le compte, fermez-le, videz sa file et celle de personne d’autre, relancez : le courrier des autres doit encore partir.',
  },
  hints: [
    {
      en: 'First `service postfix stop`: what waits is not lost, and nothing more leaves. Then read: `mailq` shows what waits, and of whom.',
      fr: 'D’abord `service postfix stop` : ce qui attend n’est pas perdu, et rien de plus ne part. Ensuite, lire : `mailq` montre ce qui attend, et de qui.',
    },
    {
      en: 'Who handed over what waits? Each message in `mailq` has a number, and `grep NUMBER /var/log/mail.log` shows its `sasl_username=`. Look at several: not all are the thief’s. A new password (`passwd LOGIN`) shuts the thief out; the person gets it by telephone.',
      fr: 'Qui a remis ce qui attend ? Chaque message de `mailq` a un numéro, et `grep NUMÉRO /var/log/mail.log` montre son `sasl_username=`. Regardez-en plusieurs : tous ne sont pas du voleur. Un nouveau mot de passe (`passwd LOGIN`) met le voleur dehors ; la personne l’apprend par téléphone.',
    },
    {
      en: '`postsuper -d ID` deletes one message, `postsuper -d -` those whose IDs it reads; `postsuper -d ALL` would delete the members’ mail too. The seventh column of `mailq` is the sender. Then start again, and `postqueue -f` sends what waits.',
      fr: '`postsuper -d ID` supprime un message, `postsuper -d -` ceux dont il lit les numéros ; `postsuper -d ALL` supprimerait aussi le courrier des membres. La septième colonne de `mailq` est l’expéditeur. Puis relancez, et `postqueue -f` envoie ce qui attend.',
    },
  ],
  solution: typed(
    `
service postfix stop
mailq | awk '$7 ~ /@/ { print $1 }' | tr -d '*!' >/root/waiting
login=$(grep -Ff /root/waiting /var/log/mail.log | sed -n 's/.*sasl_username=//p' | sort | uniq -c | sort -n | awk 'END { print $2 }')
echo "$login:$(openssl rand -base64 18)" | chpasswd
mailq | awk -v from="$login@$(hostname -d)" '$7 == from { print $1 }' | tr -d '*!' | postsuper -d -
service postfix start
postqueue -f
`,
    {
      en: 'This comes after `rehearsal` on the desk, once `mailq` is long.',
      fr: 'Cela vient après `rehearsal` sur le bureau, quand `mailq` s’allonge.',
    },
  ),
}
