using System.Collections.Concurrent;

namespace Handlers.Mails;

/// <summary>Sends the first mail and then fails, as where an answer is lost on its way: nobody but the partner knows that it was sent.</summary>
internal sealed class ForgetfulMailService : IMailService
{
    private readonly ConcurrentDictionary<Guid, string> _sent = new();
    private int _requests;

    public int Requests => _requests;

    public int Sent => _sent.Count;

    public Task SendWelcomeAsync(string user, Guid idempotencyKey, CancellationToken cancellationToken)
    {
        _sent.TryAdd(idempotencyKey, user);
        return Interlocked.Increment(ref _requests) == 1 ? throw new HttpRequestException("The answer was lost.") : Task.CompletedTask;
    }
}
