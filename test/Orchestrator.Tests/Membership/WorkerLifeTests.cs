using Orchestrator.Hosting.Membership;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Membership;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class WorkerLifeTests : IDisposable
{
    private static readonly TimeSpan StaleAfter = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Instant = TimeSpan.FromTicks(1);

    private readonly ManualTime _time = new();
    private readonly WorkerLife _life;

    public WorkerLifeTests() => _life = new WorkerLife(Guid.NewGuid(), StaleAfter, _time);

    public void Dispose() => _life.Dispose();

    [Test]
    public void MayStartBatch_NothingConfirmed_UntilHalfOfTheTimeOut()
    {
        Assert.That(_life.MayStartBatch, Is.True);
        _time.Advance((StaleAfter / 2) - Instant);
        Assert.That(_life.MayStartBatch, Is.True);
        _time.Advance(Instant);
        Assert.That(_life.MayStartBatch, Is.False);
        Assert.That(_life.Ended.IsCancellationRequested, Is.False, "what runs may go on");
    }

    [Test]
    public void MayStartBatch_SlowAnswer_CountsFromWhenTheHeartbeatWasSent()
    {
        long sentAt = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromSeconds(10));
        _life.Confirm(sentAt);
        _time.Advance(TimeSpan.FromSeconds(5) - Instant);
        Assert.That(_life.MayStartBatch, Is.True);
        _time.Advance(Instant);
        Assert.That(_life.MayStartBatch, Is.False);
    }

    [Test]
    public void Confirm_BehindHalfOfTheTimeOut_LetsBatchesStartAgain()
    {
        _time.Advance(StaleAfter / 2);
        _life.Confirm(_time.GetTimestamp());
        Assert.That(_life.MayStartBatch, Is.True);
    }

    [Test]
    public void Ended_NothingConfirmed_AtTheTimeOutAndNotBefore()
    {
        _time.Advance(StaleAfter - Instant);
        Assert.That(_life.Ended.IsCancellationRequested, Is.False);
        _time.Advance(Instant);
        Assert.That(_life.Ended.IsCancellationRequested, Is.True);
        Assert.That(_life.EndReason, Does.Contain("no heartbeat was confirmed"));
    }

    [Test]
    public void Ended_Confirmed_CountsFromWhenTheLastHeartbeatWasSent()
    {
        long sentAt = _time.GetTimestamp() + TimeSpan.FromSeconds(20).Ticks;
        _time.Advance(TimeSpan.FromSeconds(25));
        _life.Confirm(sentAt);
        _time.Advance(TimeSpan.FromSeconds(25) - Instant);
        Assert.That(_life.Ended.IsCancellationRequested, Is.False);
        _time.Advance(Instant);
        Assert.That(_life.Ended.IsCancellationRequested, Is.True);
    }

    [Test]
    public void Ended_ConfirmedAgainAndAgain_Never()
    {
        for (int i = 0; i < 100; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(5));
            _life.Confirm(_time.GetTimestamp());
        }

        Assert.That(_life.Ended.IsCancellationRequested, Is.False);
    }

    [Test]
    public void Confirm_AnswerCameTooLate_IsOverAtOnce()
    {
        long sentAt = _time.GetTimestamp();
        _time.Advance(StaleAfter - Instant);
        _life.Confirm(sentAt);
        _time.Advance(Instant);
        Assert.That(_life.Ended.IsCancellationRequested, Is.True);
    }

    [Test]
    public void Confirm_BehindTheEnd_DoesNotRevive()
    {
        _life.End("test");
        _life.Confirm(_time.GetTimestamp());
        Assert.That(_life.MayStartBatch, Is.False);
    }

    [Test]
    public void End_Twice_TheFirstReasonCounts()
    {
        _life.End("first");
        _life.End("second");
        Assert.That(_life.EndReason, Is.EqualTo("first"));
    }
}
