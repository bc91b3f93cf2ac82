import { plain } from '../evidence.ts';
import { literal, importModule, showEvents } from './powershell.ts';
import type { Manual, ManualAbout } from './manual.ts';

/** Enters the password of one AD DS Connector account, or of each where they are not known. */
export function enterConnectorPasswordByHand(about: ManualAbout): Manual {
  const { target } = about;
  const account = target === undefined ? undefined : about.accounts.get(target);
  const whose = account === undefined ? 'the AD DS Connector account that is shown there' : plain(account);
  return {
    actions: [
      ...(target === undefined ? [{ kind: 'do' as const, text: 'For every connector of the type "Active Directory Domain Services", one after another. Write their names down here: ________  ________  ________' }] : []),
      { kind: 'do', text: `If nobody knows the password of ${whose}, set it to a known value in Active Directory first.` },
      {
        kind: 'click', program: 'Synchronization Service Manager (START → Synchronization Service)',
        clicks: ['Go to the Connectors tab.', target === undefined ? 'Select the connector.' : `Select the connector "${plain(target)}".`, 'Actions → Properties.', 'Select Connect to Active Directory Forest.', `Enter the password of ${whose} in Password.`, 'OK. Close Synchronization Service Manager afterwards.'],
      },
      { kind: 'command', about: 'Whether what is stored now signs in:', lines: [importModule(about), target === undefined ? "Test-ADSyncADDSConnectivity -ConnectorName (Read-Host -Prompt 'Name of the connector')" : `Test-ADSyncADDSConnectivity -ConnectorName ${literal(target)}`] },
      { kind: 'command', about: 'What the service wrote:', lines: [showEvents(['ADSync'], [6603])] },
    ],
    expect: ['The test shows no error, and there is an event 6603 of just now for this connector (2518 in the administrator\'s audit on newer builds).'],
    stopIf: ['Synchronization Service Manager cannot connect: the service has to run.'],
  };
}

/** Sets the Entra Connector account's password anew. */
export function reinitializeEntraAccountByHand(about: ManualAbout): Manual {
  if (about.application === true) {
    return {
      actions: [
        { kind: 'do', text: 'This server signs in to Entra as an application. Add-ADSyncAADServiceAccount would roll it back to password sign-in: never type it here.' },
        { kind: 'click', program: 'Microsoft Entra Connect (START → Azure AD Connect or Microsoft Entra Connect Sync)', clicks: ['Configure.', 'Configure application-based authentication to Microsoft Entra ID → Rotate application certificate.', 'Sign in as a Hybrid Identity Administrator and finish the wizard.'] },
      ],
      expect: ['The wizard ends without an error.'], stopIf: ['The wizard cannot sign in.'],
    };
  }
  return {
    actions: [
      { kind: 'do', text: `The Entra Connector account is ${about.entraAccount === undefined ? 'named Sync_<server>_<id>' : plain(about.entraAccount)}. Its password in the tenant is set to a new random one that only the sync engine knows.` },
      { kind: 'command', about: 'How this server signs in. Where the first command exists and the second shows Application, stop:', lines: [importModule(about), 'Get-Command -Name Get-ADSyncEntraConnectorCredential -ErrorAction SilentlyContinue | Select-Object -Property Name', 'if (Get-Command -Name Get-ADSyncEntraConnectorCredential -ErrorAction SilentlyContinue) { (Get-ADSyncEntraConnectorCredential).ConnectorIdentityType }'] },
      { kind: 'command', about: 'A Hybrid Identity Administrator or Global Administrator who can sign in without a second factor; the password is typed into the window that opens:', lines: ['$credential = Get-Credential', 'Add-ADSyncAADServiceAccount -AADCredential $credential'] },
      { kind: 'do', text: 'It can take up to half an hour until the new password is accepted everywhere in the tenant.' },
    ],
    expect: ['The command says nothing.'],
    stopIf: ['The second check shows Application: this server signs in as an application. Never type Add-ADSyncAADServiceAccount here; rotate the certificate in the wizard.', 'The administrator is asked for a second factor: the command cannot sign in. Use the wizard on the server.'],
  };
}
