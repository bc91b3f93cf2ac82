using System.Diagnostics;
using System.Text;
using PracticeLab.Listener.Host;

namespace PracticeLab.Listener.Shells;

/// <summary>One command line of a text shell: `powershell` runs the simulated server's, a few built-ins of cmd.exe answer themselves.</summary>
internal sealed class CmdCommand(string id, string line, OutputBudget budget, OemText text) : Command(id, new OutputQueue(budget))
{
    /// <summary>STATUS_CONTROL_C_EXIT.</summary>
    private const int Interrupted = unchecked((int)0xC000013A);
    private const int MostErrors = 64 * 1024;
    private Process? _process;
    private bool _interrupted;

    public void Start(ServerConfiguration server)
    {
        var words = CommandWords.Split(line);
        if (words is [var program, ..] && CommandWords.IsPowerShell(program)) Run(server.Powershell, words[1..]);
        else BuiltIn(server, words);
    }

    public async Task WriteAsync(ReadOnlyMemory<byte> bytes, bool end)
    {
        if (_process is null) return;
        try
        {
            await _process.StandardInput.BaseStream.WriteAsync(bytes);
            await _process.StandardInput.BaseStream.FlushAsync();
            if (end) _process.StandardInput.Close();
        }
        catch (Exception error) when (error is IOException or InvalidOperationException) { /* the program has ended, or reads no more */ }
    }

    public void Interrupt()
    {
        _interrupted = true;
        Kill();
    }

    public void Kill()
    {
        if (_process is { } process) ChildProcess.Kill(process);
        budget.Recheck();
    }

    private void Run(string powershell, string[] arguments)
    {
        _process = ChildProcess.Start(powershell, arguments);
        _ = FollowAsync(_process, asClixml: arguments.Any(CommandWords.IsEncodedCommand));
    }

    private async Task FollowAsync(Process process, bool asClixml)
    {
        var errors = new StringBuilder();
        var reading = process.StandardError.ReadToEndAsync();
        while (await process.StandardOutput.ReadLineAsync() is { } written)
        {
            Queue.Add("stdout", text.Encode(written));
            for (var changed = budget.Changed; budget.Full && !process.HasExited; changed = budget.Changed) await changed;
        }
        errors.Append(await reading);
        await process.WaitForExitAsync();
        if (errors.Length > MostErrors) errors.Length = MostErrors;
        if (errors.Length > 0) WriteErrors(errors.ToString().TrimEnd('\n').Split('\n'), asClixml);
        Queue.Finish(_interrupted ? Interrupted : process.ExitCode);
    }

    // powershell.exe writes its errors as CLIXML where it was given an encoded command and nobody asked for text.
    private void WriteErrors(string[] lines, bool asClixml)
    {
        if (!asClixml)
        {
            foreach (var error in lines) Queue.Add("stderr", text.Encode(error));
            return;
        }
        var records = string.Concat(lines.Select(error => $"<S S=\"Error\">{System.Security.SecurityElement.Escape(error)}_x000D__x000A_</S>"));
        Queue.Add("stderr", text.Encode("#< CLIXML"));
        Queue.Add("stderr", text.Encode($"<Objs Version=\"1.1.0.1\" xmlns=\"http://schemas.microsoft.com/powershell/2004/04\">{records}</Objs>")[..^2]);
    }

    private void BuiltIn(ServerConfiguration server, string[] words)
    {
        var rest = line.Trim()[Math.Min(line.Trim().Length, words.Length > 0 ? words[0].Length : 0)..].Trim();
        switch (words.FirstOrDefault()?.ToLowerInvariant())
        {
            case "echo":
                Queue.Add("stdout", text.Encode(rest));
                Queue.Finish(0);
                break;
            case "hostname":
                Queue.Add("stdout", text.Encode(server.ComputerName));
                Queue.Finish(0);
                break;
            case "exit":
                Queue.Finish(int.TryParse(rest.Replace("/b", string.Empty, StringComparison.OrdinalIgnoreCase).Trim(), out var code) ? code : 0);
                break;
            default:
                Queue.Add("stderr", text.Encode($"'{words.FirstOrDefault()}' is not recognized as an internal or external command,"));
                Queue.Add("stderr", text.Encode("operable program or batch file."));
                Queue.Finish(1);
                break;
        }
    }
}
