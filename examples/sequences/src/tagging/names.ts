/** Places that also name streets, buildings and people, for each layout of addresses. One word each. */
export const placeNames = {
  american: list(`
    Austin Houston Jackson Madison Lincoln Dallas Denver Franklin Clinton Cleveland Columbus Raleigh Montgomery Lafayette Monroe Marion
    Arlington Greenville Bristol Salem Dayton Auburn Burlington Milton Newport Oakland Hudson Jefferson Troy Florence Orlando Savannah
    Charlotte Phoenix Memphis Trenton Albany Buffalo Hamilton Wilson`),
  british: list(`
    Lincoln Oxford Lancaster York Bedford Preston Chester Bolton Burton Clifton Stafford Warwick Wells Hamilton Bradford Derby Durham
    Carlisle Stirling Rochester Winchester Bristol Windsor Hastings Kingston Norwich Richmond Salisbury Stratford Sutton Wakefield
    Wellington Whitby Buckingham Cambridge Canterbury Dover Exeter Guildford Harrow`),
  french: list(`
    Lyon Paris Nantes Rennes Tours Orléans Chartres Bourges Nancy Metz Reims Amiens Rouen Caen Brest Angers Poitiers Limoges Toulouse
    Bordeaux Bayonne Pau Nîmes Avignon Valence Grenoble Annecy Chambéry Dijon Troyes Colmar Mulhouse Laval Vannes Quimper Cahors Albi
    Castres Gap Beaune`),
  german: list(`
    Berlin Hamburg Bremen Lübeck Kiel Rostock Schwerin Stettin Dresden Leipzig Weimar Erfurt Jena Gera Kassel Marburg Gießen Fulda
    Mainz Worms Speyer Trier Koblenz Bonn Köln Aachen Münster Bielefeld Paderborn Göttingen Hannover Celle Lüneburg Nürnberg Bamberg
    Bayreuth Augsburg Ulm Konstanz Freiburg`),
  spanish: list(`
    Toledo Soria Cuenca Medina Zamora Segovia Ávila Burgos Palencia Valladolid Salamanca Cáceres Mérida Badajoz Huelva Cádiz Jaén
    Granada Almería Murcia Alicante Valencia Castellón Teruel Zaragoza Huesca Lérida Gerona Tarragona Barcelona Pamplona Logroño
    Vitoria Bilbao Santander Oviedo Gijón Lugo Orense Pontevedra`),
} as const;

/** Given names, some of them places too. */
export const givenNames = {
  american: list(
    "Austin Florence Savannah Charlotte Madison Troy Mary James Linda Robert Susan Michael Karen David Nancy",
  ),
  british: list(
    "Florence Chester Clifton Preston Emma Oliver Alice George Harriet Arthur Rose Edward Lucy Henry Grace",
  ),
  french: list("Florence Valence Nancy Marie Pierre Claire Louis Camille Jules Chloé Hugo Manon Luc Élise Antoine"),
  german: list("Anna Max Lena Paul Clara Felix Greta Jonas Ida Moritz Emma Ben Frieda Otto Marta"),
  spanish: list("Valencia Mérida Lucía Pablo Carmen Diego Marta Javier Elena Sergio Paula Andrés Inés Rafael Sofía"),
} as const;

function list(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}
