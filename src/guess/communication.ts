// Which columns say something that writing to people at work needs: where they work, as what, with whom and since when. A
// closed list of words on purpose: a name with any other word in it waits for a person to decide.

/** What a column of this kind is about, a blank between the words. */
const SUBJECTS =
  /\b(depart(e?ment|amento)s?|dept|divisions?|teams?|units?|company|entity|organi[sz]ations?|org|functions?|title|jobs?|positions?|roles?|locations?|offices?|sites?|buildings?|floor|country|state|province|region|area|plant|store|branch|facility|cost cent(er|re)s?|managers?|supervisors?|reports to|levels?|category|shift|language|locale|time ?zone|preferred (first |last )?name|display name|known as|nickname|user ?name|abteilung|bereich|standort|arbeitsort|niederlassung|gesellschaft|firma|funktion|stelle|stellenbezeichnung|jobtitel|rolle|land|bundesland|kostenstelle|vorgesetzte[rn]?|fuhrungskraft|eintrittsdatum|einstellungsdatum|beschaftigungsart|sprache|schicht|ebene|kategorie|gebaude|buro|service|poste|fonction|lieu|pays|etablissement|societe|langue|puesto|cargo|ubicacion|pais|empresa|sede|idioma|afdeling|functie|locatie|jobtitle|jobcode|jobname|costcenter|costcentre|businessunit|departmentname|managername|managerid|manageremail)\b/;
/** Some are told only by two words. */
const PAIRS =
  /\b((employment|employee|worker|work|contract|staff) (type|class|group)|(full|part) ?time|(hire|hired|rehire|start|joining|entry|service|seniority) ?(date|on)|date (of )?(hired?|hiring|joining|start|rehire)|start(ed|ing) (on|date)|hiredate|startdate|(work|office) city|city of work)\b/;
/** What may stand beside it without making it something else. */
const BESIDE =
  /^(the|of|at|in|for|and|or|is|to|a|employees?|employment|workers?|work|working|staff|person|people|primary|main|current|home|business|legal|corporate|assignment|assigned|associate|supervisory|direct|line|reports|first|last|full|part|long|short|time|fulltime|parttime|most|recent|latest|original|effective|profile|field|ids?|number|no|nr|nummer|code|codes|key|guid|xref|ref|name|names|bezeichnung|description|desc|label|type|class|group|hierarchy|structure|user|display|preferred|known|as|date|day|start|started|starting|since|seit|hire|hired|hiring|rehire|joining|entry|service|seniority|on|city|contract|center|centre|zone|cf|lrv|esi|int\d+|en|e?mail|\d+)$/;

/** Whether a column is about somebody's place at work, by the words of its name. */
export function isForCommunication(words: readonly string[]): boolean {
  const text = words.join(' ').replace(/\be mail\b/g, 'email');
  if (!SUBJECTS.test(text) && !PAIRS.test(text)) return false;
  // The address of a manager helps to find them; any other address is one to ask about.
  if (/\be?mail\b/.test(text) && !/\b(manager|supervisor|vorgesetzte\w*|reports to)s?\b/.test(text)) return false;
  const others = text.replace(new RegExp(SUBJECTS, 'g'), ' ').replace(new RegExp(PAIRS, 'g'), ' ');
  return others.split(' ').every((word) => word === '' || BESIDE.test(word) || SINGULARS.has(word));
}

/** `Supervisor's`, without its apostrophe. */
const SINGULARS: ReadonlySet<string> = new Set(['workers', 'employees', 'managers', 'supervisors']);
