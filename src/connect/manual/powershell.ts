import type { ManualAbout } from './manual.ts';

/** A text as a literal of Windows PowerShell, which takes typographic quotes for quotes as well. Control characters are left out. */
export function literal(text: string): string {
  return `'${text.replace(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\ufeff]/g, '').slice(0, 400).replace(/['\u2018\u2019\u201a\u201b]/g, '$&$&')}'`;
}

/** A file of the installation as an expression; the usual folder where it is not known (double quotes: a variable in single ones does not expand). */
export function installed(about: ManualAbout, file: string): string {
  return about.path === undefined ? `"$env:ProgramFiles\\Microsoft Azure AD Sync\\${file}"` : literal(`${about.path}\\${file}`);
}

/** The folder for copies, which only administrators can read, as it is written inside double quotes. */
export function copies(about: ManualAbout): string {
  return `$env:ProgramData\\EntraConnect-Manual-${about.day}`;
}

/** Brings the commands of the sync engine into the window. */
export function importModule(about: ManualAbout): string {
  return `Import-Module -Name ${installed(about, 'Bin\\ADSync\\ADSync.psd1')}`;
}

/** Shows the service as Windows has it. */
export const showService = 'Get-CimInstance -ClassName Win32_Service -Filter "Name=\'ADSync\'" | Select-Object -Property Name, DisplayName, StartName, State, ExitCode, ServiceSpecificExitCode';

/** Shows the newest of some events of the Application log, an empty answer where there is none. */
export function showEvents(providers: readonly string[], ids: readonly number[]): string {
  const sources = providers.map((name) => `@Name='${name}'`).join(' or ');
  return `Get-WinEvent -LogName Application -FilterXPath "*[System[Provider[${sources}] and (${ids.map((id) => `EventID=${id}`).join(' or ')})]]" -MaxEvents 10 -ErrorAction SilentlyContinue | Select-Object -Property TimeCreated, Id, ProviderName, RecordId`;
}
