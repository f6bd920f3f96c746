/** The command `rehearsal` on the desk: a member falls for a fake page, and what follows is real. */

import type { LabFacts } from '../../../checker/step.ts'
import { quote } from '../checks/say.ts'
import { accountsOf } from './accounts.ts'
import { castOf } from './cast.ts'

/** Begins the word of every rehearsal of this lab; another lab's, before a reset, doesn't count. */
export const rehearsalPrefix = ({ seed }: Pick<LabFacts, 'seed'>): string => `rehearsal-${seed.slice(0, 8)}-`

/** Whom the bystander writes to: a mailbox that is full for a moment, so that the message waits in the queue. */
export const friendOf = (word: string): string => `later-${word}@grosmail.test`

/** Who writes to a friend while the spam leaves. */
export const bystander = (lab: Pick<LabFacts, 'random'>) => accountsOf(lab).otherCase

export function rehearsalScript(lab: LabFacts): string {
  const { login, password } = bystander(lab)
  const thieves = castOf(lab).stolen.map(one => `try ${quote(one.login)} ${quote(one.password)}`)
  return `#!/bin/bash
# Starts the rehearsal of the last task. Reading further would tell you the end of the story.
# Lance la répétition de la dernière tâche. Lire la suite vous raconterait la fin de l'histoire.
host=${lab.host} word=${rehearsalPrefix(lab)}$(openssl rand -hex 4)
say() { case \${LANG:-} in fr*) echo "$2" ;; *) echo "$1" ;; esac; }
send() { swaks --silent 2 --server "$host" --port 587 --tls --auth PLAIN --auth-user "$1" --auth-password "$2" "\${@:3}"; }

send ${quote(login)} ${quote(password)} --from ${quote(`${login}@${lab.domain}`)} --to "${friendOf('$word')}" \\
  --header "Subject: $word" --body "See you on Saturday. À samedi." >/dev/null || {
  say "A member can't send a message through $host yet: solve the tasks before this one first." \\
    "Une personne de l'association n'arrive pas encore à écrire par $host : terminez d'abord les tâches d'avant."
  exit 1
}
try() {
  send "$1" "$2" --quit-after AUTH >/dev/null 2>&1 || return 1
  curl --silent --show-error --fail --data-urlencode "user=$1" --data-urlencode "password=$2" --data "word=$word" \\
    http://webmail.pourriel.test/ >/dev/null || exit 1
  say "A member has just typed a password into a fake page. Your server is sending spam. Go!" \\
    "Quelqu'un vient de taper son mot de passe sur une fausse page. Votre serveur envoie du spam. À vous !"
  exit 0
}
${thieves.join('\n')}
say "None of the passwords on the list that the thieves have works any more: set one back, from accounts.csv." \\
  "Aucun des mots de passe qu'ont les voleurs ne marche plus : remettez-en un, d'après accounts.csv."
exit 1
`
}
