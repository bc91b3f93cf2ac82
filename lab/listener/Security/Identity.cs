namespace PracticeLab.Listener.Security;

/// <summary>Somebody who proved who they are.</summary>
/// <param name="Name">As Windows shows it: DOMAIN\user, or user alone for a local account.</param>
/// <param name="Account">The account alone, lower case: what quotas and ownership go by.</param>
/// <param name="Administrator">May do everything.</param>
/// <param name="MayUseShells">Administrators and Remote Management Users.</param>
internal sealed record Identity(string Name, string Account, bool Administrator, bool MayUseShells);
