import type { Task } from '../../../checker/step.ts'
import { typed } from './typed.ts'

export const redirections: Task = {
  id: 'redirections',
  title: { en: 'Redirections', fr: 'Redirections' },
  goal: {
    en: 'Do what `/root/redirections.csv` says, `address;who gets it`: a second address, one address for three people, mail that a person keeps and shares, a copy to a mailbox elsewhere. Everybody gets each message once, and no message goes in circles.',
    fr: 'Faites ce que dit `/root/redirections.csv`, `adresse;qui reçoit` : une deuxième adresse, une adresse pour trois personnes, du courrier gardé et partagé, une copie vers une boîte ailleurs. Chacun et chacune reçoit chaque message une fois, et rien ne tourne en rond.',
  },
  hints: [
    {
      en: 'Two of the addresses are no accounts: they belong to the association, so to `/etc/aliases`. Two are people with a wish of their own: that is what `~/.forward` is for.',
      fr: 'Deux de ces adresses ne sont pas des comptes : elles sont à l’association, donc dans `/etc/aliases`. Deux sont des personnes qui ont un souhait à elles : c’est à cela que sert `~/.forward`.',
    },
    {
      en: 'In a `.forward`, only who is named gets the mail. Who wants to keep a copy names themselves, with a backslash: `\\zoe, theo`. The backslash means “into the mailbox, and look no further”.',
      fr: 'Dans un `.forward`, seules les personnes nommées reçoivent. Qui veut garder une copie se nomme, avec une barre oblique inverse : `\\zoe, theo`. Elle veut dire « dans la boîte, et on ne cherche pas plus loin ».',
    },
    {
      en: 'After a change in `/etc/aliases`: `newaliases`. A `.forward` belongs to its person and nobody else may write to it, or Postfix passes over it and says so in the log.',
      fr: 'Après un changement dans `/etc/aliases` : `newaliases`. Un `.forward` appartient à sa personne et personne d’autre ne peut y écrire, sinon Postfix l’ignore et le dit dans le journal.',
    },
  ],
  solution: typed(String.raw`
while IFS=';' read -r address people; do
  if getent passwd "$address" >/dev/null; then
    home=$(getent passwd "$address" | cut -d: -f6)
    echo "\\$address, ${'$'}{people#"$address",}" > "$home/.forward"
    chown "$address:" "$home/.forward"
  else
    echo "$address: $people" >> /etc/aliases
  fi
done < /root/redirections.csv
newaliases
`),
}
