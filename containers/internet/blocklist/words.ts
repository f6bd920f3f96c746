/** What the list's own page says. */
export const WORDS = {
  en: {
    title: 'Blocklist of the lab',
    ask: 'Which address?',
    look: 'Look it up',
    about:
      'Providers ask bl.blocklist.test whether they should take mail from an address. It goes on the list when it misbehaves, and off it when the cause is mended and its owner asks.',
    free: '{address} is not listed.',
    listed: '{address} is listed since {at}.',
    inherited: 'This was before you had the address: what counts is what the server does today.',
    evidence: 'What was seen',
    mend: 'Mend the cause, then ask for delisting. We look at your server at that moment. Asking before that is refused, and the next request has to wait.',
    button: 'Ask for delisting',
    shell: 'From a shell: curl -X POST http://blocklist.test/{address}',
    stranger: 'Only the owner may ask: send the request from a machine of the same domain.',
    unknown: '{address} is no address of this network that could be listed.',
    wait: 'The next request is looked at in {seconds} s.',
    saw: 'What we looked at',
  },
  fr: {
    title: 'Liste noire du labo',
    ask: 'Quelle adresse ?',
    look: 'Chercher',
    about:
      'Les hébergeurs demandent à bl.blocklist.test s’il faut prendre le courrier d’une adresse. Elle y entre quand elle se conduit mal ; elle en sort quand la cause est réparée et que la personne à qui elle appartient le demande.',
    free: '{address} n’est pas sur la liste.',
    listed: '{address} est sur la liste depuis {at}.',
    inherited:
      'C’était avant que l’adresse soit à vous : ce qui compte, c’est ce que fait le serveur aujourd’hui.',
    evidence: 'Ce qui a été vu',
    mend: 'Réparez la cause, puis demandez le retrait. Nous examinons votre serveur à ce moment-là. Demander avant est refusé, et la demande suivante devra attendre.',
    button: 'Demander le retrait',
    shell: 'Depuis un shell : curl -X POST http://blocklist.test/{address}',
    stranger: 'Seule la personne à qui elle appartient peut demander : depuis une machine du même domaine.',
    unknown: '{address} n’est pas une adresse de ce réseau qui puisse être listée.',
    wait: 'La demande suivante sera examinée dans {seconds} s.',
    saw: 'Ce que nous avons examiné',
  },
} as const

export const fill = (text: string, values: Record<string, string | number>): string =>
  text.replace(/\{(\w+)\}/g, (_, key: string) => String(values[key] ?? ''))
