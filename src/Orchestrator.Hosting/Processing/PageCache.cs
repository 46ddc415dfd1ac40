using Orchestrator.Hosting.Generations;

namespace Orchestrator.Hosting.Processing;

/// <summary>The pages that a feed keeps, bounded in bytes: the ones read longest ago go first. Not synchronised; its feed is.</summary>
internal sealed class PageCache(long maxBytes)
{
    private readonly LinkedList<EventPage> _pages = [];
    private long _bytes;

    /// <summary>Finds a page that serves a reader.</summary>
    public EventPage? Find(SlotRange slots, long position)
    {
        for (LinkedListNode<EventPage>? node = _pages.Last; node is not null; node = node.Previous)
        {
            if (node.Value.Serves(slots, position))
            {
                return node.Value;
            }
        }

        return null;
    }

    /// <summary>Keeps a page; others go until the bound holds again. The newest always stays, whatever its size.</summary>
    public void Add(EventPage page)
    {
        _pages.AddLast(page);
        _bytes += page.Bytes;
        while (_bytes > maxBytes && _pages.Count > 1)
        {
            Remove(_pages.First!);
        }
    }

    /// <summary>Drops pages that were read before a time.</summary>
    public void DropReadBefore(long timestamp) => Drop(page => page.ReadAt < timestamp);

    /// <summary>Drops pages that end at a position or before it.</summary>
    public void DropUpTo(long position) => Drop(page => page.To <= position);

    private void Drop(Predicate<EventPage> isDropped)
    {
        for (LinkedListNode<EventPage>? node = _pages.First; node is not null;)
        {
            LinkedListNode<EventPage>? next = node.Next;
            if (isDropped(node.Value))
            {
                Remove(node);
            }

            node = next;
        }
    }

    private void Remove(LinkedListNode<EventPage> node)
    {
        _pages.Remove(node);
        _bytes -= node.Value.Bytes;
    }
}
