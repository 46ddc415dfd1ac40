using Orchestrator.Projections;

namespace Orchestrator.Tests.Projections;

public sealed class IdempotencyKeyTests
{
    private static readonly Guid s_event = Guid.Parse("0190a8e5-7c3b-7f00-8000-00000000002a");

    // Pinned: a release that computed another key would repeat effects.
    [Test]
    public void Of_ProjectionAndEvent_IsTheSameForEver() => Assert.That(IdempotencyKey.Of("mails", s_event), Is.EqualTo(Guid.Parse("db10a652-c69c-8aa8-a5b2-9933005a0991")));

    [Test]
    public void Of_OtherProjectionOrEvent_IsAnother()
    {
        Assert.That(IdempotencyKey.Of("Mails", s_event), Is.Not.EqualTo(IdempotencyKey.Of("mails", s_event)));
        Assert.That(IdempotencyKey.Of("mails", Guid.Empty), Is.Not.EqualTo(IdempotencyKey.Of("mails", s_event)));
    }

    [Test]
    public void Of_Key_IsAUuidOfVersion8()
    {
        Guid key = IdempotencyKey.Of("mails", s_event);
        Assert.That((key.Version, key.Variant & 0xC), Is.EqualTo((8, 8)));
    }

    [Test]
    public void Of_NoName_Throws() => Assert.That(() => IdempotencyKey.Of("", s_event), Throws.ArgumentException);
}
