/** The languages, in the order of their numbers. */
export const languages = ["English", "Finnish", "French", "German", "Italian", "Polish", "Spanish", "Turkish"] as const;
export type Language = (typeof languages)[number];

/**
 * 250 common words of each language, of four letters at least, written down for this program. Their letters are a to z alone: accents and other
 * marks, which would give a language away, are taken off (schön is schon, groß is gross, był is byl, kız is kiz). No word is in two lists;
 * some are words of another language all the same, such as casa, so that not all can be told right.
 */
export const wordsOf: Readonly<Record<Language, readonly string[]>> = {
  English: list(`
    about above across after again against almost along already always another answer anything around autumn away
    beach because become before began behind believe below beneath between beyond both bread breath bridge bright
    bring brother brought build butterfly called cannot carry change cheese chicken child church clean climb close
    cloud could country cousin daughter different dinner doctor door doubt down dream drink during each early earth
    eight enough evening every everything example eyes family farther father feather feel field fight find finger
    first flower follow foot forget forward four friend from full garden gather girl give glass going good ground
    grow half hand happy have head health heart heavy height hello help high himself holiday home hope horse house
    however hundred hungry husband idea important into journey keep kitchen knife know knowledge laugh learn leave
    letter light listen little live lonely long look made make market might milk money month more morning mother
    mountain mouth much must near neighbour never night nothing number often other ought outside paper people
    perhaps picture place please quick quiet rather reach ready really remember right river room school should sleep
    slowly small someone something speak spring still street strong such summer teach than their there these thing
    those though thought three through together tomorrow tongue tooth touch towards tree truth turn under until
    usually very village watch water weather week weight what wheel when where which while white whole wife window
    winter with without woman wood work world would write wrong year yellow yesterday young`),
  Finnish: list(`
    aamu aika aina ainoa aivan ajatella alku antaa arki asema asia askel asua auki auttaa avain edessa ehka eilen
    elama elokuva ennen ensi eteen haluta hammas hauska helppo hetki hevonen hiekka hiljaa hinta hiukset huomenna
    huone hyva hyvin ihminen ikkuna iloinen ilta isoaiti istua jaada jalka jarvi jatkaa jokainen joki jotain joukko
    joulu juhla juna juoda juosta juuri kahvi kaikki kaksi kala kallio kanssa kartta kasi kasvaa kasvot katu kaunis
    kauppa kaupunki keittio kello keltainen kerran kertoa kesa keskella kevat kieli kiitos kirja kirje kissa kivi
    koira koko kolme korkea kotona koulu kova kuin kulkea kulta kuningas kuolla kuori kuppi kuten kuukausi kuulla
    kuva kylla kylma kyna kysya laatikko lahella lahja lahtea laiva lapsi lasi laulaa lehma lehti leipa lentaa levy
    liian lintu lippu loppu lumi luokka luonto lyhyt maailma maito makea meille meri metsa mieli mies miksi minun
    muistaa mukaan muna musta muutama myos naapuri nahda nainen nelja nopea nousta nukkua nuori odottaa ohut olla
    onni opettaja oppia osata ostaa paikka paiva paljon pallo parempi pelata perhe peruna pieni pitka poika polku
    poyta puhelin puhua puoli pyora rakastaa ranta rauha rikas ruoka saari sade sama sana sanoa sateenvarjo sauna
    selka sielu siis silloin silma sininen sisar sitten sopia sota suola suuri sydan syksy syoda taalla tahti taivas
    talo tanaan tarina tarkea tehda terve tieto toinen totuus tuli tuuli tyhja tytto tyyny uida ulkona usein uusi
    vaatteet vahva vaikea vaikka vanha vapaa vasen vastaus veli verho vesi viela vihrea viikko viini virta voima
    voittaa vuori vuosi yhdessa yksi ymmartaa ymparilla`),
  French: list(`
    abord acheter aider aimer ainsi ajouter alors ancien annee appeler apres argent arriver assez attendre aucun
    aujourd aussi autour autre avant avec avoir bateau beau beaucoup besoin beurre bientot bleu boire bois bonheur
    bonjour bouche bout bras bruit cacher cahier campagne chacun chaise chaleur chambre champ chanson chaque chaud
    chaussure chemin chercher cheval cheveux chez chien choix chose ciel cinq clef coeur coin comme comment
    comprendre connaitre cote coucher couleur couper cour courir couteau croire cuisine dans debout dehors deja
    demain depuis dernier derriere descendre desormais deux devenir dieu doigt donc donner doux droit ecole ecouter
    ecrire eglise elle encore enfant ennui ensemble entendre envie epaule espoir essayer etoile etre faim faire faut
    femme fenetre fermer feuille fille fils fleur fois fort foule frapper frere fromage front fumee garcon gauche
    genou gens gout grand guerre herbe heure heureux hier histoire hiver homme huit image jambe jaune jeter jeune
    joie joli jouer jour journee jusque lait langue large larme laver leur lever ligne lire loin longtemps lorsque
    lourd lumiere lune main maintenant mais maison malade malgre manger marcher matin mauvais meme mere mettre mieux
    moins mois moitie monde monter mort mouton moyen neige noir nouveau nuit oiseau ombre oreille oublier parfois
    parler partir pays peau pendant penser perdre petit peur peut pied pierre pleurer pluie plusieurs poisson pomme
    pourquoi presque printemps puis quelque quitter reine rendre rester roue rouge savoir seul soir soleil sourire
    souvent tard temps toujours travail tres trouver venir vers vert viande vieux ville voir voiture voix yeux`),
  German: list(`
    abend aber alles alte anfang angst antwort apfel arbeit auch auge bald baum beide beispiel bekommen berg besser
    bild bisschen bitte blatt blume boden brauchen breit brot bruder brust buch dach damals dann dass denken denn
    deshalb deutsch dich dick doch dorf dort drei dunkel durch ebene ecke eigen einfach einige eltern endlich erde
    erste essen etwas euch fahren fallen farbe fast fehler fenster ferien feuer finden fisch fleisch fliegen folgen
    frage frau freude freund fruh fruhling geben gebirge gefallen gegen gehen gelb geld gemuse gerade gerne
    geschichte gesicht gestern gesund gewinnen gleich gluck gross grun haben halten hatte heissen helfen hemd herbst
    herz heute himmel hinter hoffen horen hose hund hunger ihnen immer jahr jeder jemand jetzt junge kalt kartoffel
    kein kennen kind kirche klein kochen kommen konig kopf kraft krank kuche kuchen kuhl kurz lange langsam lassen
    laufen laut leben lehrer leider leise lernen lesen letzte leute licht lieben links loffel luft machen madchen
    manchmal mehr mensch messer milch mittag mochte monat morgen mund mussen mutter nach nacht nahe nehmen neun
    nichts niemand noch nummer obst oder ohne pferd pflanze platz plotzlich reden regen reich reise ruhig sache
    sagen satz schaf schicken schiff schlecht schnee schnell schon schreiben schuh schwarz schwester sehen sehr
    seite selbst sicher sieben sitzen sommer sonne spat spielen sprache stadt stark stern strasse stuhl stunde
    suchen tisch tochter uber unser vater verstehen viel vogel voll wald warum wasser wein weiss weit welt wenig
    wichtig wieder wissen woche wohnen wunsch zahl ziehen zimmer zucker zwischen`),
  Italian: list(`
    abbastanza accanto acqua aiutare albero alcuni allora altezza altro amare amico anche ancora andare anno aprire
    aria arrivare ascoltare aspettare autunno avanti avere babbo bacio bagno barca basso bastare bello bene bianco
    bicchiere bisogno bocca bosco braccio buio buono cadere caldo cambiare camera campagna cane cantare capelli
    capire cattivo cavallo cercare certo cervello chiamare chiedere chiesa chiudere cibo cielo cinque collo colore
    coltello come cominciare comprare conoscere coraggio corpo correre cosi cuore davanti davvero debole decidere
    destra dietro difficile dimenticare diritto dito domanda domani donna dopo dormire dove duro ecco entrare erba
    esempio essere fabbrica faccia famiglia fango fare ferro festa fiducia figlio finestra fiore foglia fondo
    forchetta forse forte fratello fretta fuoco fuori gamba gatto ghiaccio giallo giardino ginocchio giocare giorno
    girare giusto gonna grande grazie guardare incontrare indietro inizio inoltre insegnare insieme inverno labbra
    lasciare latte lavoro leggere leggero lettera letto libro lingua luce luglio luna lungo luogo maestro magro
    mangiare mattina medico meglio mentre mese mezzo migliore minuto moglie molto morire mostrare muro naso neanche
    nemico nero nessuno neve niente nome nonna notizia notte nove nulla occhio oggi ogni ombrello orecchio orologio
    pace padre paese pagare pane partenza passato paura pensiero perche pezzo piangere piazza piede pieno pietra
    pioggia poco pomeriggio porta povero pranzo presto prezzo prima qualcuno quale quasi quello questo ragazzo
    ricordo ridere riso sapere scarpa scegliere schiena sempre sera settimana sguardo soldi sopra sorella spiaggia
    stanza stella strada subito succedere tavolo testa troppo trovare uccello vecchio vedere vento vestito viaggio
    vicino voglia volere zucchero`),
  Polish: list(`
    babcia bardzo biedny biegac blisko bogaty brat brzeg brzuch budowac bylo calkiem chciec chleb chlopiec chmura
    chodzic chwila ciasto cicho cieply ciezki corka czarny czas czekac czesc czesto czlowiek cztery czuc czytac
    daleko dawno deszcz dlatego dlugi dobry dolina dopiero drugi drzewo drzwi duzo dziecko dziekuje dzien dziesiec
    dziewczyna dzisiaj gdyby gdzie gleboki glos gora gorzki gosc gotowac granica grzyb gwiazda herbata historia imie
    jablko jajko jechac jeden jesien jestem jezioro jezyk jutro kapelusz kawa kazdy kiedy kilka kobieta kochac
    kolano kolej kolor kosciol krew krol krotki krzeslo ksiazka ksiezyc ktory ktos kuchnia kupic kwiat lato lekarz
    liczba lisc lozko ludzie malzenstwo marzenie maslo miasto miedzy mieso mieszkac milosc mleko mlody modlitwa
    morze mowic moze mozna myslec nadzieja nagle najpierw narod nazwa niebieski niebo niedziela nikt niski nocny
    noga nosic nozyce obiad obok obraz oczy odpowiedz ogien ogrod okno opowiadac osiem osoba ostatni otwierac palec
    pamietac panstwo patrzec piatek piekny pieniadze pierwszy pies pisac plakac plecy podczas podroz pokoj pole
    polska pomoc poniewaz powiedziec powietrze powoli praca prawie prawo prosty prosze przed przyjaciel przyjsc ptak
    pusty pytac rano razem reka robic rodzina rosnac rower rozmowa rozumiec rzecz rzeka samochod sasiad schody
    siedem siedziec sila siostra skora slonce slowo slyszec smutny sobota spac spiewac spokoj sprawa starosc stol
    strach strona styczen szeroki szesc szkola szukac szybko tamten teraz tluszcz trawa trzeba trzy tutaj twarz
    tydzien ucho ulica uwaga wazny wczoraj wiatr widziec wieczor wiedziec wies wiosna woda wojna wolny wszystko
    wtedy wysoki zawsze zdrowie zielony zima zloty znowu zrobic zwierze zycie`),
  Spanish: list(`
    abajo abrir abuelo acabar adelante ademas agosto agua ahora alegre algo alguien alma alto amigo amor ancho antes
    aprender arbol arena arriba asiento asunto aunque ayer ayudar azul bailar bajo barrio bastante beso blanco boca
    bonito bosque bueno buscar caballo cabeza cada caer calor cama caminar camino camisa cansado cantar carretera
    casa casi cerrar cien claro cocina coger comer comida conmigo contra corazon cosa costumbre creer cual cuando
    cuatro cubrir cuchara cuerpo cuidado deber decir dedo delante derecha desde despues detras diciembre dientes
    dinero dolor donde durante edad ejemplo empezar encima enero enfermo enfrente entonces escribir escuchar espalda
    espejo estaba estrella explicar falda feliz frente fresco frio fuego fuera fuerte gracias gustar hablar hacer
    hacia hecho hermana hielo hierba hierro hijo hilo hombre hombro hora humo iglesia igual isla izquierda jamas
    joven juego junto labio lagrima lapiz largo lejos lengua levantar libertad limpio llano llave llegar llevar
    llorar lobo luchar luego lunes madera madrugada manana mandar manera manzana martes medio mejor mensaje mentira
    mesa mientras mirar mitad mojado morir muerte mujer muneca nacer nada naranja nariz negro nieve ninguno nombre
    nosotros novio nuestro nueve nunca ocho ojos oscuro otono oveja pajaro palabra parecer pared pasado pedir pelo
    pequeno perder perro piedra piel playa pobre poder poner porque primero pronto pueblo puerta pues querer quien
    quiza razon recordar reir respuesta rico rojo romper ropa sabado saber sacar seguir segundo sentir siempre siete
    silencio silla sobre sombra sonar suelo tambien tener tiempo tienda todavia trabajo traer ventana verano viejo
    viento vivir zapato`),
  Turkish: list(`
    acaba adam agac agir ahsap aile akil alisveris almak altin anlamak anne aralik arka arkadas aslan ates ayak ayna
    ayni ayri bahce bakmak baska baslamak bebek belki benim beraber bicak bilgi bilmek biraz birlikte bizim bogaz
    bosluk boyun bugun bulmak burada burun butun cabuk calismak cati cevap cicek cikmak cocuk corba dagilmak daha
    damla degil deniz devam dikkat dilek dogru dokuz dolap donmek dost dudak dunya durmak dusunmek duvar duygu eksik
    eldiven elma erkek erken esek etmek evet fakat fazla gece gelecek gelin gelmek genc gercek geri gibi gitmek
    gokyuzu golge gormek guclu gunes gunluk haber hafif hafta halk hangi hava hayat hayir hazir hemen henuz hikaye
    icinde ihtiyac inanmak ince ipek isim istemek izin kabul kadar kafa kagit kahvalti kalabalik kaldirmak kalin
    kalmak kalp kapak kapi karanlik karin karsi kasik kaybetmek kaynak kelime kemik kendi kesmek kilim kimse kisa
    kitap kizgin kolay komsu konusmak kopek kopru kosmak koyun kucuk kullanmak kural kurus kutu kuvvet lazim limon
    mavi merhaba mevsim meyve misafir mutfak nasil neden nefes nerede nicin ogrenmek ogretmen oksijen okul olay
    olmak omuz onemli onlar orman orta otuz para parmak patlican pencere peynir renk resim ruzgar sabah sabir sadece
    sakin sandalye sanki savas saygi sehir sekil sekiz sepet sevgi sevmek sicak sifir simdi siyah soguk sonra sonuc
    soru soylemek sulu supurge tabak tane tarla tavuk tembel tepe toplamak toprak ucgen ucuz ulke uyku uzak uzun
    vatan vermek yagmur yakin yalniz yaprak yardim yarin yatak yavas yazmak yemek yeni yildiz yirmi yoksa yorgun
    yuksek yumurta yuzmek zaman zayif zeytin`),
};

function list(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}
