namespace Orchestrator.Testing.Servers;

/// <summary>A server from one of the sources.</summary>
internal interface IServerInstance : IAsyncDisposable
{
    string ConnectionString { get; }

    string Description { get; }

    bool CanRestart { get; }

    int? ProcessId { get; }

    Task RestartAsync(bool immediate, CancellationToken cancellationToken);
}
