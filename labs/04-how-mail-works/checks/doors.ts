import type { Check } from '../../../checker/step.ts'
import { howDoorsStand, nameOfTheHouse } from '../start/doors.ts'

/** The house is open as the seed has it; what is right comes from there. */
export const doors: Check = async ({ answers, lab }) => {
  const stands = howDoorsStand(lab)
  return answers.judge(
    {
      'port-25': stands[25],
      'port-465': stands[465],
      'port-587': stands[587],
      'port-143': stands[143],
      'port-993': stands[993],
      certificate: nameOfTheHouse(lab),
    },
    {
      next: {
        en: `Your house is ${lab.house}, and nobody else’s. Open at all? \`nc -zvw2 ${lab.house} PORT\`. Clear? \`nc -C ${lab.house} PORT\` shows a greeting, and after \`EHLO me\` or \`a CAPABILITY\` whether STARTTLS is offered. TLS at once? \`openssl s_client -connect ${lab.house}:PORT\`. Don’t trust the number: knock.`,
        fr: `Votre maison est ${lab.house}, et celle de personne d’autre. Ouverte ? \`nc -zvw2 ${lab.house} PORT\`. En clair ? \`nc -C ${lab.house} PORT\` montre un salut, et après \`EHLO moi\` ou \`a CAPABILITY\`, si STARTTLS est proposé. TLS d’emblée ? \`openssl s_client -connect ${lab.house}:PORT\`. Ne croyez pas le numéro : frappez.`,
      },
    },
  )
}
