namespace Orchestrator.Hosting.Processing;

/// <summary>One that follows a feed, and how far it has come: pages that all of them have passed are kept no longer.</summary>
internal sealed class FeedReader(EventFeed feed) : IDisposable
{
    /// <summary>The position that the reader has passed; the feed's to write.</summary>
    public long Position { get; set; }

    /// <summary>The reader needs nothing up to a position any more. (If it does after all, it is read again.)</summary>
    public void Passed(long position) => feed.Passed(this, position);

    /// <summary>The reader follows no longer.</summary>
    public void Dispose() => feed.Leave(this);
}
