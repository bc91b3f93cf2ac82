// The engine host: a real PowerShell engine as Windows PowerShell's `-s` mode, on standard input and output.
using System.Management.Automation;
using System.Reflection;

var mediator = typeof(PSObject).Assembly
    .GetType("System.Management.Automation.Remoting.Server.StdIOProcessMediator", throwOnError: true)!
    .GetMethod("Run", BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!;
mediator.Invoke(null, [string.Empty, Environment.CurrentDirectory, null, null, false]);
