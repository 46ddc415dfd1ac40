using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Cli.Connecting;
using Orchestrator.PostgreSql.Connections;
using Orchestrator.PostgreSql.Sql;
using Orchestrator.PostgreSql.Workflows;

namespace Orchestrator.Cli.Workflows;

/// <summary>Which run a command is about.</summary>
internal sealed class RunArguments
{
    private readonly Argument<string> _workflow = new("workflow") { Description = "The workflow's name." };
    private readonly Argument<string> _requestId = new("request-id") { Description = "The request's id." };

    public void AddTo(Command command)
    {
        command.Arguments.Add(_workflow);
        command.Arguments.Add(_requestId);
    }

    public (string Workflow, string RequestId) Read(ParseResult line) => (line.GetValue(_workflow)!, line.GetValue(_requestId)!);

    /// <summary>The runs of the database that a command was given.</summary>
    public static WorkflowRuns RunsOf(DatabaseContext context) => new(context.Services.GetRequiredService<PostgreSqlConnections>(), context.Services.GetRequiredService<SqlCatalog>());
}
