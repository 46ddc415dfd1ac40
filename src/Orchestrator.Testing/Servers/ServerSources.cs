namespace Orchestrator.Testing.Servers;

/// <summary>Goes through the sources in their order.</summary>
internal static class ServerSources
{
    public static async Task<IServerInstance> StartAsync(PostgreSqlServerOptions options, SearchPaths paths, CancellationToken cancellationToken)
    {
        if (paths.ConnectionString is { } connectionString)
        {
            return await ExternalServer.ConnectAsync(connectionString, cancellationToken).ConfigureAwait(false);
        }

        if (await PostgreSqlPrograms.FindAsync(paths.ProgramFolders, cancellationToken).ConfigureAwait(false) is { } programs)
        {
            return await LocalCluster.StartAsync(programs, options, cancellationToken).ConfigureAwait(false);
        }

        if (await DockerServer.IsAvailableAsync(paths.Docker, cancellationToken).ConfigureAwait(false))
        {
            return await DockerServer.StartAsync(paths.Docker, options, cancellationToken).ConfigureAwait(false);
        }

        throw new PostgreSqlUnavailableException(
            $"""
            There is no PostgreSQL (14 or newer) to run against. Any one of these helps:
            - a server that runs already: set {PostgreSqlServer.ConnectionStringVariable}, for example to "Host=localhost;Username=postgres;Password=...;Database=postgres", for a user that may create databases;
            - PostgreSQL's programs on this machine (initdb, postgres, pg_ctl; nothing has to run): Debian and Ubuntu: apt-get install postgresql; Fedora: dnf install postgresql-server; macOS: brew install postgresql@17;
            - Docker: start it, so that `docker info` succeeds.
            """);
    }
}
