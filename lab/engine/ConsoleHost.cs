using System.Collections.ObjectModel;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace PracticeLab;

/// <summary>The host of a script run in process: it writes lines and keeps the exit code; nobody is there to be asked.</summary>
internal sealed class ConsoleHost : PSHost
{
    private readonly Interface _ui = new();

    /// <summary>What the script gave to `exit`; null when it just ended.</summary>
    public int? ExitCode { get; private set; }
    public override CultureInfo CurrentCulture => CultureInfo.CurrentCulture;
    public override CultureInfo CurrentUICulture => CultureInfo.CurrentUICulture;
    public override Guid InstanceId { get; } = Guid.NewGuid();
    public override string Name => "ConsoleHost";
    public override PSHostUserInterface UI => _ui;
    public override Version Version => new(5, 1, 20348, 2849);
    public override void EnterNestedPrompt() => throw new NotSupportedException();
    public override void ExitNestedPrompt() => throw new NotSupportedException();
    public override void NotifyBeginApplication() { }
    public override void NotifyEndApplication() { }
    public override void SetShouldExit(int exitCode) => ExitCode = exitCode;

    private sealed class Interface : PSHostUserInterface
    {
        public override PSHostRawUserInterface? RawUI => null;
        public override string ReadLine() => throw Nobody();
        public override SecureString ReadLineAsSecureString() => throw Nobody();
        public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions) => throw Nobody();
        public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice) => throw Nobody();
        public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) => throw Nobody();
        public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName, PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options) => throw Nobody();
        public override void Write(string value) => Console.Out.Write(value);
        public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) => Console.Out.Write(value);
        public override void WriteLine(string value) => Console.Out.WriteLine(value);
        public override void WriteErrorLine(string value) => Console.Error.WriteLine(value);
        public override void WriteDebugLine(string message) { }
        public override void WriteProgress(long sourceId, ProgressRecord record) { }
        public override void WriteVerboseLine(string message) { }
        public override void WriteWarningLine(string message) => Console.Error.WriteLine("WARNING: " + message);
        private static PSInvalidOperationException Nobody() => new("Windows PowerShell is in NonInteractive mode. Read and Prompt functionality is not available.");
    }
}
