using Orchestrator.Hosting.Configuration;

namespace Orchestrator.Hosting.Scaling;

/// <summary>How many workers a replica set should have, for an autoscaler. Works when somebody asks, from what this worker knows of its own share; any number may ask at any time.</summary>
/// <param name="options">The replica set's.</param>
/// <param name="tuning">What of them may change.</param>
/// <param name="time">The clock.</param>
internal sealed class ScalingSignal(ReplicaSetOptions options, Live<ReplicaSetTuning> tuning, TimeProvider time)
{
    private const int Slots = 32_768;

    // Who asks more often gets the last answer: over less than this, rates are noise.
    private static readonly TimeSpan s_shortest = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly LoadMeter _meter = new(time);
    private readonly DesiredWorkers _desired = new(options.MaxWorkers ?? Slots, time);
    private (long At, int Workers)? _last;

    /// <summary>How many workers there should be.</summary>
    /// <param name="sample">What this worker knows now.</param>
    /// <param name="isHindered">Whether something other than work is in the way: an open append, a database that is away. No number of workers would help, and what they do meanwhile says nothing of what they can.</param>
    public int Ask(LoadSample sample, bool isHindered)
    {
        // Partitions that are set by hand need their number, whatever there is to do.
        if (options.PartitionKey is not null)
        {
            return sample.Workers;
        }

        lock (_gate)
        {
            if (_last is { } known && time.GetElapsedTime(known.At, sample.At) < s_shortest)
            {
                return known.Workers;
            }

            ReplicaSetTuning now = tuning.Value;
            double? needed = null;
            if (isHindered)
            {
                _meter.Interrupt();
            }
            else
            {
                needed = _meter.Measure(sample, now.CatchUpTarget);
            }

            int workers = _desired.Follow(needed, sample.Workers, now.ScaleDownPatience);
            _last = (sample.At, workers);
            return workers;
        }
    }
}
