using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Orchestrator.Cli.Connecting;
using Orchestrator.Cli.Output;
using Orchestrator.PostgreSql.Workflows;

namespace Orchestrator.Cli.Workflows;

/// <summary><c>orchestrator workflows list</c>: a line for each run, the newest first.</summary>
internal static class ListCommand
{
    private const int DefaultLimit = 50;

    public static Command Create()
    {
        var workflow = new Option<string?>("--workflow") { Description = "Only the runs of this workflow." };
        Option<string?> status = new Option<string?>("--status") { Description = "Only runs with this status: running, succeeded or failed." }.AcceptOnlyFromAmong("running", "succeeded", "failed");
        var limit = new Option<int>("--limit") { Description = "How many at most.", DefaultValueFactory = _ => DefaultLimit };
        var json = new JsonOption();
        var command = new Command("list", "Shows the newest runs of workflows.") { workflow, status, limit, json };
        command.SetDatabaseAction(async (context, cancellationToken) =>
        {
            IReadOnlyList<WorkflowRunRow> runs = await RunArguments.RunsOf(context).ListAsync(context.Line.GetValue(workflow), context.Line.GetValue(status), context.Line.GetValue(limit), cancellationToken);
            if (context.Line.GetValue(json))
            {
                await context.Console.WriteJsonAsync(new JsonObject { ["runs"] = new JsonArray([.. runs.Select(Document)]) });
            }
            else
            {
                context.Console.Write(Table(runs));
            }

            return ExitCodes.Success;
        });
        return command;
    }

    private static TextTable Table(IReadOnlyList<WorkflowRunRow> runs)
    {
        var table = new TextTable("WORKFLOW", "REQUEST", "STATUS", "CLAIMED BY", "CLAIMS", "BEGUN");
        foreach (WorkflowRunRow run in runs)
        {
            table.Add(run.Workflow, run.RequestId, run.Status, run.ClaimedBy ?? "-", run.Claims.ToString(CultureInfo.InvariantCulture), $"{Durations.Of(run.ReadAt - run.CreatedAt)} ago");
        }

        return table;
    }

    private static JsonObject Document(WorkflowRunRow run) => new()
    {
        ["workflow"] = run.Workflow,
        ["requestId"] = run.RequestId,
        ["status"] = run.Status,
        ["inBackground"] = run.InBackground,
        ["claims"] = run.Claims,
        ["claimedBy"] = run.ClaimedBy,
        ["createdAt"] = run.CreatedAt,
        ["finishedAt"] = run.FinishedAt,
    };
}
