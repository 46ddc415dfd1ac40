using System.Collections.Concurrent;

namespace Handlers.Mails;

/// <summary>Sends every mail, but loses its first answer about one user's: then nobody but the partner knows that this mail was sent.</summary>
internal sealed class ForgetfulMailService(string forgets) : IMailService
{
    private readonly ConcurrentDictionary<Guid, string> _sent = new();
    private int _requests;

    public int Requests => _requests;

    public int Sent => _sent.Count;

    public Task SendWelcomeAsync(string user, Guid idempotencyKey, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _requests);
        bool isNew = _sent.TryAdd(idempotencyKey, user);
        return isNew && user == forgets ? throw new HttpRequestException("The answer was lost.") : Task.CompletedTask;
    }
}
