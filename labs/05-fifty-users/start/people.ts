/** First names that fold to different logins, none of which is a system account of Debian. */
export const FIRST_NAMES: readonly string[] = [
  ...['Amélie', 'Anaïs', 'André', 'Aurore', 'Béatrice', 'Benoît', 'Camille', 'Cécile', 'Chloé', 'Clémence'],
  ...['Colette', 'Corentin', 'Désiré', 'Éléonore', 'Élise', 'Émile', 'Fanny', 'Félix', 'Françoise', 'Gaëlle'],
  ...['Geneviève', 'Gérard', 'Hélène', 'Héloïse', 'Inès', 'Irène', 'Jérôme', 'Joëlle', 'Judith', 'Léa'],
  ...['Léonie', 'Loïc', 'Lucie', 'Maël', 'Marceau', 'Mélanie', 'Michèle', 'Noé', 'Océane', 'Pénélope'],
  ...['Raphaël', 'Rémi', 'Salomé', 'Simone', 'Solène', 'Théo', 'Thérèse', 'Yaël', 'Zélie', 'Zoé'],
  ...['Alice', 'Amina', 'Begoña', 'Beth', 'Caitlín', 'Charlie', 'Dylan', 'Eleanor', 'Fatou', 'Finlay'],
  ...['Gareth', 'Grace', 'Harriet', 'Heather', 'Imogen', 'Jack', 'José', 'Keira', 'Liam', 'Megan'],
  ...[
    'Mehdi',
    'Nadia',
    'Nora',
    'Oliver',
    'Owen',
    'Rhys',
    'Robin',
    'Róisín',
    'Rosie',
    'Seán',
    'Siân',
    'Tilda',
  ],
]

export const FAMILY_NAMES: readonly string[] = [
  ...[
    'Bénard',
    'Benali',
    'Chevalier',
    'Delacroix',
    'Diallo',
    'Dubois',
    'Évrard',
    'Faure',
    'Gauthier',
    'Gonçalves',
  ],
  ...['Guérin', 'Joly', 'Lambert', 'Lefèvre', 'Léger', 'Le Goff', 'Marchand', 'Moreau', "N'Diaye", 'Nguyen'],
  ...['Perrin', 'Quéré', 'Rivière', 'Sauvage', 'Tessier', 'Thévenot', 'Traoré', 'Vidal', 'Baker', 'Campbell'],
  ...['Evans', 'Fletcher', 'Gallagher', 'Hughes', 'Kavanagh', 'Lloyd', 'Murphy', "O'Brien", 'Quinn', 'Reid'],
  ...['Shaw', 'Taylor', 'Underwood', 'Walsh', 'Wright'],
]
