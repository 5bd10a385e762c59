// How HR systems name the columns of an employee export: a table for each field, the likeliest name first, each with
// the system that uses it; an empty text stands for a name that many use.

export type KnownNames = Readonly<Record<string, string>>;

export const EXTERNAL_ID: KnownNames = {
  'external id': '',
  'employee id': 'Workday',
  'employee number': 'BambooHR',
  'associate id': 'ADP',
  'employee xref code': 'Dayforce',
  'person id external': 'SAP SuccessFactors',
  'user id': 'SAP SuccessFactors',
  'emp id': 'SAP SuccessFactors',
  'person number': 'Oracle HCM',
  'employee code': 'Paycom',
  'gusto employee id': 'Gusto',
  personalnummer: 'Personio',
  'personal nr': 'Personio',
  mitarbeiternummer: 'Personio',
  'mitarbeiter id': 'Personio',
  'eec emp no': 'UKG',
  'emp no': 'UKG',
  'file number': 'ADP',
  'worker id': 'Workday',
  'work id': '',
  'staff id': '',
  'staff number': '',
  'personnel number': 'SAP',
  'payroll number': '',
  'payroll id': '',
  'person id': '',
  matricule: '',
  'numero de empleado': '',
  id: 'UKG',
};

export const PREFERRED_FIRST_NAME: KnownNames = {
  'preferred first name': 'Workday and Gusto',
  'preferred name first name': 'Workday',
  'preferred firstname': 'Paycom',
  'preferred or chosen name': 'ADP',
  'preferred or chosen first name': 'ADP',
  'eep name preferred': 'UKG',
  'preferred name': 'BambooHR',
  'chosen name': '',
  'known as': '',
  nickname: '',
  rufname: '',
};

export const FIRST_NAME: KnownNames = {
  'first name': '',
  'legal first name': 'Workday and HiBob',
  'legal name first name': 'Workday',
  'legal firstname': 'Paycom',
  'payroll first name': 'ADP',
  'employee first name': 'Dayforce',
  'eep name first': 'UKG',
  'given name': '',
  forename: '',
  vorname: 'Personio',
  prenom: '',
  nombre: '',
  voornaam: '',
  first: '',
};

export const PREFERRED_LAST_NAME: KnownNames = {
  'preferred last name': 'Workday',
  'preferred name last name': 'Workday',
  'preferred lastname': 'Paycom',
};

export const LAST_NAME: KnownNames = {
  'last name': '',
  'legal last name': 'Workday and HiBob',
  'legal name last name': 'Workday',
  'legal lastname': 'Paycom',
  'payroll last name': 'ADP',
  'employee last name': 'Dayforce',
  'eep name last': 'UKG',
  'family name': '',
  surname: '',
  nachname: 'Personio',
  familienname: '',
  nom: '',
  'nom de famille': '',
  apellido: '',
  apellidos: '',
  achternaam: '',
  last: '',
};

/** One column with the whole name. */
export const FULL_NAME: KnownNames = {
  'last name first name': 'BambooHR',
  'payroll name': 'ADP',
  worker: 'Workday',
  'worker name': 'Workday',
  'employee name': '',
  'full name': 'Rippling',
  'display name': 'Oracle HCM and HiBob',
  'legal name': 'Workday',
  'preferred name': 'Workday',
  name: 'ADP',
  employee: '',
  mitarbeiter: '',
};

export const WORK_EMAIL: KnownNames = {
  'work email': 'BambooHR and ADP',
  'primary work email': 'Workday',
  'email primary work': 'Workday',
  'email work': 'Workday',
  'work contact work email': 'ADP',
  'work email address': '',
  'business email': '',
  'company email': '',
  'corporate email': '',
  'email business': '',
  'eep address email': 'UKG',
  'dienstliche email': 'Personio',
  'email geschaftlich': 'Personio',
  email: '',
  'email address': '',
  'email adresse': '',
  'best email': 'BambooHR',
  mail: '',
  courriel: '',
  'correo electronico': '',
};

export const PERSONAL_EMAIL: KnownNames = {
  'personal email': 'ADP',
  'personal email address': '',
  'private email': '',
  'email personal': '',
  'email primary home': 'Workday',
  'home email': 'BambooHR',
  'private email adresse': '',
};

export const PHONE: KnownNames = {
  'mobile phone': 'BambooHR',
  mobile: '',
  'mobile number': '',
  'mobile phone number': '',
  'cell phone': '',
  cell: '',
  'work mobile': '',
  'work cell': '',
  'phone number': '',
  phone: 'UKG',
  'primary phone': 'Paycom',
  'work phone': 'BambooHR',
  'business phone': '',
  'biz phone': 'SAP SuccessFactors',
  'work phone number': '',
  'telephone number': '',
  telephone: '',
  telefon: 'Personio',
  telefonnummer: 'Personio',
  handy: '',
  handynummer: '',
  mobiltelefon: '',
};

export const STATUS: KnownNames = {
  'employment status': 'BambooHR and SAP SuccessFactors',
  'worker status': 'Workday',
  'position status': 'ADP',
  'employee status': 'Paycom',
  'assignment status': 'Oracle HCM',
  'eec empl status': 'UKG',
  'active status': 'Workday',
  'user status': 'Namely',
  'lifecycle status': 'HiBob',
  'work status': 'TELUS Health',
  status: '',
  beschaftigungsstatus: 'Personio',
  active: 'UKG',
  'is active': '',
  'currently active': '',
};

export const COUNTRY: KnownNames = {
  country: '',
  'work country': '',
  'country code': '',
  'location country': '',
  land: 'Personio',
};

/** Attributes that have the same name in Workshop whichever system they come from. */
export const ATTRIBUTES: Readonly<Record<string, KnownNames>> = {
  department: {
    department: '',
    'home department description': 'ADP',
    'home department': 'ADP',
    'department name': 'Oracle HCM',
    'department desc': 'Paycom',
    'supervisory organization': 'Workday',
    abteilung: 'Personio',
  },
  job_title: {
    'job title': 'BambooHR',
    'business title': 'Workday',
    'job title description': 'ADP',
    'job name': 'Oracle HCM',
    title: 'SAP SuccessFactors and Gusto',
    position: 'Personio',
    jobtitel: 'Personio',
  },
  location: {
    location: '',
    'work location': '',
    'location description': 'ADP',
    office: 'Personio',
    standort: 'Personio',
    arbeitsort: 'Personio',
  },
  hire_date: {
    'hire date': '',
    'most recent hire date': 'Paycom',
    'start date': 'HiBob and UKG',
    eintrittsdatum: 'Personio',
    einstellungsdatum: 'Personio',
  },
  manager: {
    manager: '',
    'workers manager': 'Workday',
    'reports to': 'BambooHR',
    supervisor: '',
    'supervisor name': '',
    vorgesetzter: 'Personio',
  },
};
