using System.Management.Automation;
using System.Reflection;

namespace PracticeLab;

/// <summary>The engine's own `-s` mode: PSRP over the out-of-process framing on standard input and output.</summary>
internal static class Server
{
    /// <summary>Serves until standard input ends. The engine's mediator is internal, hence the reflection.</summary>
    public static int Run()
    {
        if (Machine.ServerFolder is not null)
        {
            Machine.SayDesktop();
            Machine.GreetAsDesktop();
            if (MalwareProtection.IsOn) InspectedInput.Install();
        }
        var mediator = typeof(PSObject).Assembly
            .GetType("System.Management.Automation.Remoting.Server.StdIOProcessMediator", throwOnError: true)!
            .GetMethod("Run", BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!;
        mediator.Invoke(null, [SessionSetUp.InitialCommand, null, null, null, false]);
        return 0;
    }
}
