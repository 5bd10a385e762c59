import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { hasMojibake } from '../../src/roster/mojibake.ts';

/** What comes out when somebody reads the UTF-8 of a text as Windows-1252. */
function misread(text: string): string {
  return iconv.decode(Buffer.from(text.normalize('NFC')), 'windows-1252');
}

/** As some readers do that know no character for five of the bytes. */
function misreadWithControls(text: string): string {
  const bytes = [...Buffer.from(text.normalize('NFC'))];
  return bytes
    .map((byte) => (UNDEFINED.has(byte) ? String.fromCharCode(byte) : iconv.decode(Buffer.of(byte), 'windows-1252')))
    .join('');
}

const UNDEFINED = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d]);

describe('text that was read in the wrong encoding', () => {
  it.each(
    [
      'José Müller Muñoz Ångström Özil Éric Ærø Ýr çelik naïve',
      'María García Díaz Nicolà Citroën',
      'JOSÉ MÜLLER MUÑOZ BJÖRN GRÖSSE MALMÖ UMEÅ PEÑA NICOLÒ CÔTE',
      'Łukasz Wałęsa Bąk Kraków Jaśkowski Świątek Żółć Źdźbło Wójcik JAŚKOWSKI WĘGRZYN BĄK',
      'Dvořák Šimek Novák Jiří Božena Kovačić Đoković Žižek ŽIŽEK Růžička',
      'Ștefan Dragoș Ionuț Brâncuși Știrbei',
      'Erdoğan Şahin İstanbul Yıldız İBRAHİM Gökçe',
      'Nguyễn Thị Hương Đặng Trần Mỹ Phượng',
      'Győr Erdős',
      'Иванов Мария Παπαδόπουλος كريم דוד',
      '王 李明 张伟 佐藤 김민수 สมชาย अनिल',
      'it’s “quoted” wait… a–b c—d 5€ Acme™ 21° º © 😀',
    ]
      .flatMap((words) => words.split(' '))
      .filter((word) => misread(word) !== word),
  )('is found where %s was meant', (word) => {
    expect(hasMojibake(misreadWithControls(word))).toBe(true);
    expect(hasMojibake(`Team ${misreadWithControls(word)} (1)`)).toBe(true);
  });

  it('is found behind a no-break space that became two characters', () => {
    expect(hasMojibake('AnaÂ\u00a0Ruiz')).toBe(true);
    expect(hasMojibake('SALESÂ\u00a0TEAM')).toBe(true);
  });

  it.each([
    'José Müller Muñoz Ångström Łukasz Wałęsa Dvořák Šimek Erdoğan Nguyễn Иванов 王 김민수',
    'JOSÉ MÜLLER IRMÃ SÃO PAULO MAGALHÃES AMANHÃ MAÇÃ LÃ ANTÃO GUIMARÃES',
    'IRMÃ\u00a0SILVA, IRMÃ», “AMANHÔ, IRMÃ\u00adZINHA',
    'DÂNCU ÂNGELA ROMÂNIA RÜYÂ',
    'JYVÄSKYLÄ’, UMEÅ – Å…, “JYVÄSKYLÄ”, UMEÅ\u00a0KOMMUN, TAMPERELÄ™, ÅKESSON, Å, KÄ\u00adSE, Team A–Ä',
    'ÉCOLE “CAFÉ”, CAFÉ…, É’, JOSÉ’S, CAFÉ™, ÉTÉ\u00a0»',
    '« café\u00a0», «\u00a0à\u00a0la carte\u00a0», à\u00a0«\u00a0l’été\u00a0», qualité\u00a0• sécurité, Société®, réglé…”',
    'KRÍŽ Kríž’s TOMÁŠ LUKÁŠ BENEŠ Ježíš RÚŽA ÚŽASNÝ MÚŽ KÓŠA Bartoš’',
    'Straße “Spaß“ Maß… GROẞ ñandú ¿Qué? ¡Olé! Nº 3, 1ª, 20 °C, m², Ø 5 · ×2',
    'CAFFÈ™ CAFFÈ È… PERCHÈ’',
    'naïve “coöperatie” Zoë’s Renée–Marie François…',
    'ÞÓR ÆSIR ØRSTED Ð ÓÐINN',
  ])('is not found in %s', (text) => {
    expect(hasMojibake(text)).toBe(false);
  });
});
