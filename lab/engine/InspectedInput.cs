using System.IO.Pipes;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace PracticeLab;

/// <summary>Standard input of a PSRP server, with every script on its way in shown to the malware protection.</summary>
internal static class InspectedInput
{
    /// <summary>Puts itself before this process's standard input. To be called before anything reads that.</summary>
    /// <exception cref="PlatformNotSupportedException">On Windows, whose own protection sees the scripts.</exception>
    public static void Install()
    {
        if (OperatingSystem.IsWindows()) throw new PlatformNotSupportedException("The practice lab simulates malware protection on Linux and macOS only.");
        var pipe = new AnonymousPipeServerStream(PipeDirection.Out);
        var real = Dup(0);
        if (real < 0 || Dup2((int)pipe.ClientSafePipeHandle.DangerousGetHandle(), 0) < 0) throw new IOException("Standard input cannot be put elsewhere.");
        pipe.DisposeLocalCopyOfClientHandle();
        new Thread(() => Copy(real, pipe)) { IsBackground = true }.Start();
    }

    private static void Copy(int real, Stream pipe)
    {
        var encoding = new UTF8Encoding(false);
        var scripts = new ScriptMessages(MalwareProtection.Inspect);
        try
        {
            using var reader = new StreamReader(new FileStream(new SafeFileHandle(real, ownsHandle: true), FileAccess.Read, bufferSize: 0), encoding);
            using var writer = new StreamWriter(pipe, encoding) { NewLine = "\n", AutoFlush = true };
            while (reader.ReadLine() is { } line) writer.WriteLine(scripts.Pass(line));
        }
        catch (IOException) { /* the engine is gone */ }
    }

    [DllImport("libc", EntryPoint = "dup", SetLastError = true)]
    private static extern int Dup(int descriptor);

    [DllImport("libc", EntryPoint = "dup2", SetLastError = true)]
    private static extern int Dup2(int from, int to);
}
