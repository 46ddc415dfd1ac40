using Orchestrator.Hosting.Configuration;

namespace Orchestrator.Hosting.Processing;

/// <summary>
/// How many events the next batch of a row takes: as many as should be done in a quarter of MaxBatchDuration, going by what the last batches took, and never more than BatchSize. Long enough that a
/// transaction's cost does not count, short enough that a drain need not wait. Where it is not the events that take the time but the batch, fewer of them would only mean more such batches: then they become more
/// again. A failure halves it, so that neighbours get past a failing event and deadlock victims hold fewer locks.
/// </summary>
internal sealed class BatchSizing(Live<ProjectionTuning> tuning)
{
    // Nothing is known of a handler before its first batch: this many are no burden, even at milliseconds each.
    private const int First = 100;

    private const double ShareOfLongest = 0.25;

    // With a third fewer events a batch should be shorter by more than a quarter.
    private const double ManyFewer = 2.0 / 3;
    private const double HardlyShorter = 0.75;

    private int _size = First;
    private (int Handled, TimeSpan Took) _tooLong;

    /// <summary>The most events of the next batch.</summary>
    public int Limit => Math.Clamp(_size, 1, tuning.Value.BatchSize);

    /// <summary>A batch has been committed.</summary>
    /// <param name="handled">How many events it had.</param>
    /// <param name="took">From its begin to its commit.</param>
    public void Succeeded(int handled, TimeSpan took)
    {
        TimeSpan target = tuning.Value.MaxBatchDuration * ShareOfLongest;
        if (took > target)
        {
            TookTooLong(handled, took, target);
            return;
        }

        _tooLong = default;
        if (handled >= Limit && took <= target / 2)
        {
            _size = Limit * 2;
        }
    }

    /// <summary>A batch has failed.</summary>
    public void Failed() => _size = Limit / 2;

    private void TookTooLong(int handled, TimeSpan took, TimeSpan target)
    {
        bool fewer = handled <= _tooLong.Handled * ManyFewer;
        if (fewer && took > _tooLong.Took * HardlyShorter)
        {
            _size = Math.Max(Limit, _tooLong.Handled * 2);
            _tooLong = default;
            return;
        }

        if (fewer || handled > _tooLong.Handled)
        {
            _tooLong = (handled, took);
        }

        // At most halved: one batch may have waited for something that the next one need not wait for.
        _size = (int)Math.Max(Limit / 2, handled * (target / took));
    }
}
