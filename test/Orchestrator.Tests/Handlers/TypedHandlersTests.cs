using System.Text;
using System.Text.Json;
using Orchestrator.Events;
using Orchestrator.Hosting.Handlers;
using Orchestrator.Projections;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Handlers;

public sealed class TypedHandlersTests
{
    private const string Secret = "s3cret";

    private static readonly JsonSerializerOptions s_web = new(JsonSerializerDefaults.Web);

    [Test]
    public void Of_TypedProjection_KnowsItsEventTypes() => Assert.That(TypedHandlers.Of(typeof(Users))!.EventTypes, Is.EquivalentTo(new[] { "user-created", "UserRenamed" }));

    [Test]
    public void Of_OtherClass_IsNull() => Assert.That(TypedHandlers.Of(typeof(string)), Is.Null);

    [Test]
    public void Of_TwoHandlersForOneEventType_Throws() =>
        Assert.That(() => TypedHandlers.Of(typeof(Twice)), Throws.ArgumentException.With.Message.Contains("'user-created'").And.Message.Contains(nameof(Twice)));

    [Test]
    public void Of_GenericEventWithoutAName_Throws() => Assert.That(() => TypedHandlers.Of(typeof(Generic)), Throws.ArgumentException.With.Message.Contains("[EventType]"));

    [Test]
    public void Of_EventTypeWithoutAName_Throws() => Assert.That(() => TypedHandlers.Of(typeof(Nameless)), Throws.ArgumentException.With.Message.Contains(nameof(NamelessEvent)));

    [Test]
    public async Task HandleAsync_Events_GoToTheirHandlersReadFromThePayload()
    {
        var users = new Users();
        await HandleAsync(users, "user-created", """{"name":"Ada"}""");
        await HandleAsync(users, "UserRenamed", """{"Name":"Grace"}""");
        await HandleAsync(users, "UserDeleted", "no JSON at all");

        Assert.That(users.Handled, Is.EqualTo(new[] { "created Ada", "renamed Grace" }));
    }

    [Test]
    public void HandleAsync_UnknownEventRefused_SaysWhichAndWhatToDo() => Assert.That(
        () => HandleAsync(new Users(), "UserDeleted", Secret, refuseUnknown: true),
        Throws.TypeOf<UnhandledEventException>().With.Message.Contains("UserDeleted").And.Message.Contains("position 7").And.Message.Contains("thing-7").And.Message.Not.Contains(Secret));

    [TestCase("{\"name\":\"s3cret")]
    [TestCase("{\"name\":{\"s3cret\":1}}")]
    [TestCase("s3cret")]
    [TestCase("null")]
    [TestCase("")]
    public async Task HandleAsync_PayloadDoesNotFit_NamesTheEventAndTheClassAndNeverThePayload(string payload)
    {
        PersistedEvent e = Event("user-created", payload);
        UnreadableEventException? thrown = await Assert.ThrowsAsync<UnreadableEventException>(async () => await HandleAsync(new Users(), e));

        Assert.That(thrown!.Message, Does.Contain(e.EventId.ToString()).And.Contain("position 7").And.Contain("user-created").And.Contain("thing-7").And.Contain(nameof(UserCreated)));
        Assert.That(thrown.ToString(), Does.Not.Contain(Secret));
    }

    [Test]
    public void HandleAsync_ClassThatCannotBeMade_SaysWhy() =>
        Assert.That(() => HandleAsync(new Abstract(), Event(nameof(AbstractEvent), "{}")), Throws.TypeOf<UnreadableEventException>().With.Message.Contains("abstract"));

    private static Task HandleAsync(object projection, string eventType, string payload, bool refuseUnknown = false) => HandleAsync(projection, Event(eventType, payload), refuseUnknown);

    private static async Task HandleAsync(object projection, PersistedEvent e, bool refuseUnknown = false) =>
        await new TypedDispatch(TypedHandlers.Of(projection.GetType())!, s_web, refuseUnknown).HandleAsync(projection, e, null!, CancellationToken.None);

    private static PersistedEvent Event(string eventType, string payload) => TestEvents.At(7, eventType) with { Payload = Encoding.UTF8.GetBytes(payload) };

    [EventType("user-created")]
    private sealed record UserCreated(string Name);

    private sealed record UserRenamed(string Name);

    [EventType("user-created")]
    private sealed record AlsoUserCreated;

    [EventType(" ")]
    private sealed record NamelessEvent;

    private abstract record AbstractEvent;

    private abstract class Handles<TEvent> : IHandle<TEvent>
        where TEvent : class
    {
        public ValueTask HandleAsync(TEvent e, PersistedEvent envelope, ProjectionContext context, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }

    private sealed class Generic : Handles<List<string>>;

    private sealed class Nameless : Handles<NamelessEvent>;

    private sealed class Abstract : Handles<AbstractEvent>;

    private sealed class Twice : Handles<UserCreated>, IHandle<AlsoUserCreated>
    {
        public ValueTask HandleAsync(AlsoUserCreated e, PersistedEvent envelope, ProjectionContext context, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }

    private sealed class Users : IHandle<UserCreated>, IHandle<UserRenamed>
    {
        public List<string> Handled { get; } = [];

        public ValueTask HandleAsync(UserCreated e, PersistedEvent envelope, ProjectionContext context, CancellationToken cancellationToken) => Handle($"created {e.Name}");

        public ValueTask HandleAsync(UserRenamed e, PersistedEvent envelope, ProjectionContext context, CancellationToken cancellationToken) => Handle($"renamed {e.Name}");

        private ValueTask Handle(string what)
        {
            Handled.Add(what);
            return ValueTask.CompletedTask;
        }
    }
}
