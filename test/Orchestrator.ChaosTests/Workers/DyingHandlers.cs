using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Configuration;
using Npgsql;
using Orchestrator.Events;
using Orchestrator.Projections;

namespace Orchestrator.ChaosTests.Workers;

/// <summary>Where a worker process kills itself, so that it ends exactly there and nothing is tidied up.</summary>
/// <param name="Projection">In which projection; empty: nowhere.</param>
/// <param name="Position">At which event, once its handler has done its work.</param>
internal sealed record PointOfDeath(string Projection, long Position)
{
    private const string Key = "Chaos:PointOfDeath";

    /// <summary>The settings of a worker that does not kill itself.</summary>
    public static string[] Nowhere { get; } = In("", 0);

    /// <summary>The settings of a worker that kills itself there.</summary>
    public static string[] In(string projection, long position) =>
        [$"--{Key}:{nameof(Projection)}={projection}", string.Create(CultureInfo.InvariantCulture, $"--{Key}:{nameof(Position)}={position}")];

    /// <summary>What a worker's settings say; null: nothing.</summary>
    public static PointOfDeath? Of(IConfiguration configuration) => configuration.GetSection(Key).Get<PointOfDeath>();

    public void Pass(string projection, PersistedEvent e)
    {
        if (projection == Projection && e.GlobalPosition == Position)
        {
            Process.GetCurrentProcess().Kill();
        }
    }
}

/// <summary>Writes what it is given at once, so that the server has it in the open transaction when the process dies.</summary>
[Projection(Name)]
internal sealed class DyingTrace(PointOfDeath death) : IProjection
{
    public const string Name = "dying-trace";

    public async ValueTask HandleAsync(PersistedEvent e, ProjectionContext context, CancellationToken cancellationToken)
    {
        context.EnqueueTrace(e);
        await context.GetConnectionAsync(cancellationToken);
        death.Pass(context.Projection, e);
    }
}

/// <summary>Does its effect, and dies before anything else can come of it.</summary>
[Projection(Name)]
internal sealed class DyingEffects(PointOfDeath death, NpgsqlDataSource outside) : IEffectHandler
{
    public const string Name = "dying-effects";

    public async ValueTask HandleAsync(PersistedEvent e, EffectContext context, CancellationToken cancellationToken)
    {
        await Traces.WriteEffectAsync(outside, e, context, cancellationToken);
        death.Pass(context.Projection, e);
    }
}
