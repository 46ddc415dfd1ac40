using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Orchestrator.Cli.Connecting;
using Orchestrator.Cli.Output;
using Orchestrator.PostgreSql.Workflows;

namespace Orchestrator.Cli.Workflows;

/// <summary><c>orchestrator workflows show</c>: what happened in a run.</summary>
internal static class ShowCommand
{
    public static Command Create()
    {
        var json = new JsonOption();
        var run = new RunArguments();
        var command = new Command("show", "Shows what happened in a run, without its payload and responses.") { json };
        run.AddTo(command);
        command.SetDatabaseAction(async (context, cancellationToken) =>
        {
            (string workflow, string requestId) = run.Read(context.Line);
            if (await RunArguments.RunsOf(context).ShowAsync(workflow, requestId, cancellationToken) is not { } story)
            {
                await context.Console.FailAsync($"There is no run '{requestId}' of the workflow '{workflow}'.");
                return ExitCodes.Refused;
            }

            if (context.Line.GetValue(json))
            {
                await context.Console.WriteJsonAsync(new JsonObject { ["status"] = story.Status, ["entries"] = new JsonArray([.. story.Entries.Select(Document)]) });
            }
            else
            {
                context.Console.Write(Table(story));
                await context.Console.WriteLineAsync($"The run is {story.Status}.");
            }

            return ExitCodes.Success;
        });
        return command;
    }

    private static TextTable Table(WorkflowRunStory story)
    {
        var table = new TextTable("NUMBER", "AT", "SERVICE", "WHAT", "ATTEMPT", "REASON");
        foreach (WorkflowEntryRow entry in story.Entries)
        {
            table.Add(
                entry.Number.ToString(CultureInfo.InvariantCulture),
                entry.RecordedAt.ToString("u", CultureInfo.InvariantCulture),
                entry.Service ?? "",
                entry.Kind,
                entry.Attempt == 0 ? "" : entry.Attempt.ToString(CultureInfo.InvariantCulture),
                string.Join("; ", entry.Warnings.Select(warning => $"warned: {warning}").Prepend(entry.Reason ?? "").Where(text => text.Length > 0)));
        }

        return table;
    }

    private static JsonObject Document(WorkflowEntryRow entry) => new()
    {
        ["number"] = entry.Number,
        ["recordedAt"] = entry.RecordedAt,
        ["service"] = entry.Service,
        ["kind"] = entry.Kind,
        ["attempt"] = entry.Attempt,
        ["reason"] = entry.Reason,
        ["warnings"] = new JsonArray([.. entry.Warnings.Select(warning => JsonValue.Create(warning))]),
    };
}
