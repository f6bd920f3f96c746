import type { Task } from '../../../checker/step.ts'
import { typed } from './typed.ts'

export const noOpenRelay: Task = {
  id: 'no-open-relay',
  title: { en: 'Not an open relay', fr: 'Pas un relais ouvert' },
  goal: {
    en: 'Strangers can’t write to other strangers through your server, whatever they try: some thirty attempts are refused, and mail for your members still comes in.',
    fr: 'Personne d’étranger ne peut écrire à d’autres à travers votre serveur, quoi qu’on essaie : une trentaine de tentatives sont refusées, et le courrier de vos membres arrive toujours.',
  },
  hints: [
    {
      en: 'Debian’s defaults are right. If this task is red, something that was changed for another reason opened it: compare with `postconf -n`.',
      fr: 'Les réglages de Debian sont bons. Si cette tâche est rouge, c’est qu’un changement fait pour autre chose a ouvert la porte : comparez avec `postconf -n`.',
    },
    {
      en: '`mynetworks` is whom Postfix trusts without a password: the machine itself, nobody else. `relay_domains` is for whom you receive mail as a second server: nobody, here.',
      fr: '`mynetworks`, ce sont les machines que Postfix croit sans mot de passe : la sienne, aucune autre. `relay_domains`, les domaines dont vous recevez le courrier en second : aucun, ici.',
    },
  ],
  solution: typed(
    `
postconf -e 'mynetworks = 127.0.0.0/8 [::ffff:127.0.0.0]/104 [::1]/128'
postconf -e 'smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination'
postconf -X relay_domains smtpd_client_restrictions smtpd_recipient_restrictions
service postfix restart
`,
    {
      en: 'If the task stays red, look at the restrictions of 587 and 465: `postconf -P`.',
      fr: 'Si la tâche reste rouge, voyez les restrictions de 587 et 465 : `postconf -P`.',
    },
  ),
}
