using System.Diagnostics;

namespace Workflow;

/// <summary>Kills this process when one of the services has done its work: between the effect and its line in the journal.</summary>
internal sealed class Crash(string? service)
{
    public void Behind(string finished)
    {
        if (finished == service)
        {
            Process.GetCurrentProcess().Kill();
        }
    }
}
