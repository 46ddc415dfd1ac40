using Orchestrator.Hosting.Generations;
using Orchestrator.Hosting.Processing;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Processing;

internal sealed class PageCacheTests
{
    [Test]
    public void Find_PositionInThePage_FindsIt()
    {
        EventPage page = TestEvents.Page(10, 20);
        PageCache cache = Cache(100, page);

        Assert.That(new long[] { 9, 10, 19, 20 }.Select(position => cache.Find(SlotRange.All, position)), Is.EqualTo(new[] { null, page, page, null }));
    }

    [Test]
    public void Find_PageOfFewerSlots_DoesNotServe()
    {
        EventPage half = TestEvents.Page(0, 10) with { Slots = SlotRange.OfPartition(0, 2) };
        PageCache cache = Cache(100, half);

        Assert.That(cache.Find(SlotRange.All, 0), Is.Null);
        Assert.That(cache.Find(SlotRange.OfPartition(1, 4), 0), Is.SameAs(half));
    }

    [Test]
    public void Add_BeyondTheBound_TheOldestGoes()
    {
        EventPage[] pages = [TestEvents.Page(0, 10, bytes: 40), TestEvents.Page(10, 20, bytes: 40), TestEvents.Page(20, 30, bytes: 40)];
        PageCache cache = Cache(100, pages);

        Assert.That(new long[] { 0, 10, 20 }.Select(position => cache.Find(SlotRange.All, position)), Is.EqualTo(new[] { null, pages[1], pages[2] }));
    }

    [Test]
    public void Add_ExactlyTheBound_EveryPageStays()
    {
        PageCache cache = Cache(100, TestEvents.Page(0, 10, bytes: 50), TestEvents.Page(10, 20, bytes: 50));
        Assert.That(cache.Find(SlotRange.All, 0), Is.Not.Null);
    }

    [Test]
    public void Add_LargerThanTheBound_StaysAloneUntilTheNext()
    {
        PageCache cache = Cache(100, TestEvents.Page(0, 10, bytes: 10), TestEvents.Page(10, 20, bytes: 1_000));
        Assert.That(cache.Find(SlotRange.All, 0), Is.Null);
        Assert.That(cache.Find(SlotRange.All, 10), Is.Not.Null);

        cache.Add(TestEvents.Page(20, 30, bytes: 10));
        Assert.That(cache.Find(SlotRange.All, 10), Is.Null);
    }

    [Test]
    public void DropReadBefore_ATime_DropsOlderPagesAndTheirBytes()
    {
        EventPage[] pages = [TestEvents.Page(0, 10, readAt: 1, bytes: 50), TestEvents.Page(10, 20, readAt: 5, bytes: 50), TestEvents.Page(20, 30, readAt: 4, bytes: 0)];
        PageCache cache = Cache(100, pages);
        cache.DropReadBefore(5);
        Assert.That(new long[] { 0, 10, 20 }.Select(position => cache.Find(SlotRange.All, position)), Is.EqualTo(new[] { null, pages[1], null }));

        cache.Add(TestEvents.Page(30, 40, readAt: 6, bytes: 50));
        Assert.That(cache.Find(SlotRange.All, 10), Is.SameAs(pages[1]), "the dropped bytes are free");
    }

    private static PageCache Cache(long maxBytes, params EventPage[] pages)
    {
        var cache = new PageCache(maxBytes);
        foreach (EventPage page in pages)
        {
            cache.Add(page);
        }

        return cache;
    }
}
