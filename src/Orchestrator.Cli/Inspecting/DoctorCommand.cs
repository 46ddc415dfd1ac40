using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orchestrator.Cli.Connecting;
using Orchestrator.Cli.Output;
using Orchestrator.Hosting.Doctor;
using Orchestrator.Hosting.Inspection;

namespace Orchestrator.Cli.Inspecting;

/// <summary><c>orchestrator doctor</c>: what is wrong, and what to do about it.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var json = new JsonOption();
        var statements = new Option<bool>("--show-statements") { Description = "Also show the last statement of who holds the log back, without its literal values, where this user may see it." };
        var command = new Command("doctor", "Says who holds the log back, and whatever else the tables tell that is wrong, each with the way out. Exit code 1: there is a warning or an error.") { statements, json };
        command.SetDatabaseAction(async (context, cancellationToken) =>
        {
            DoctorReport report = await ExamineAsync(context.Services, context.Line.GetValue(statements), cancellationToken);
            if (context.Line.GetValue(json))
            {
                await context.Console.WriteJsonAsync(DoctorDocument.Of(report));
            }
            else
            {
                await TellAsync(context.Console, report);
            }

            return report.Findings.Any(finding => finding.Severity > DoctorSeverity.Information) ? ExitCodes.Refused : ExitCodes.Success;
        });
        return command;
    }

    private static async Task<DoctorReport> ExamineAsync(IServiceProvider services, bool statements, CancellationToken cancellationToken)
    {
        try
        {
            return await services.GetRequiredService<IOrchestratorDoctor>().ExamineAsync(statements, cancellationToken);
        }
        catch (Exception e) when (e is PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } or PostgreSql.Schema.SchemaVersionException)
        {
            // Whoever only looks says which rights are missing, and how to get them.
            await services.GetRequiredService<IOrchestratorInspector>().InspectAsync(cancellationToken: cancellationToken);
            throw;
        }
    }

    private static async Task TellAsync(CommandConsole console, DoctorReport report)
    {
        foreach (string line in HorizonWords.Of(report.Horizon))
        {
            await console.WriteLineAsync(line);
        }

        foreach (DoctorFinding finding in report.Findings)
        {
            await console.WriteLineAsync("");
            await console.WriteLineAsync($"{finding.Severity}: {finding.Code}{(finding.ReplicaSet is { } replicaSet ? $" ({replicaSet})" : "")}");
            await console.WriteLineAsync($"  {finding.Cause}");
            await console.WriteLineAsync($"  {finding.WayOut}");
        }

        if (report.Findings.Count == 0)
        {
            await console.WriteLineAsync("Nothing else found.");
        }
    }
}
