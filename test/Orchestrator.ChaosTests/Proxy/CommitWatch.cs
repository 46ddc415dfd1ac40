namespace Orchestrator.ChaosTests.Proxy;

/// <summary>Looks for commits in one direction of one connection, and says how much of the data may pass where a trap is set for them.</summary>
internal sealed class CommitWatch(Direction direction, Weather weather)
{
    private readonly MessageScanner _scanner = new(beginsUntyped: direction == Direction.ToServer);
    private readonly CommitRequests _requests = new();
    private CommitTrap? _closing;

    /// <summary>Looks at data that is about to pass.</summary>
    /// <returns>How many bytes may pass, and the trap that the connection falls into behind them.</returns>
    public (int Passes, CommitTrap? Trap) Look(ReadOnlySpan<byte> bytes)
    {
        int offset = 0;
        for (int begin = 0; _scanner.TryRead(bytes, ref offset, out Message message); begin = offset)
        {
            if (direction == Direction.ToServer && _requests.Sees(message) && weather.Take(CommitCut.BeforeRequest) is { } lost)
            {
                return (begin, lost);
            }

            if (message.IsCommitAnswer && direction == Direction.ToClient)
            {
                if (weather.Take(CommitCut.BeforeAnswer) is { } unanswered)
                {
                    return (begin, unanswered);
                }

                _closing ??= weather.Take(CommitCut.AfterAnswer);
            }

            if (message.IsReadyForQuery && _closing is { } answered)
            {
                return (offset, answered);
            }
        }

        return (bytes.Length, null);
    }
}
