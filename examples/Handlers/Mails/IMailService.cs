namespace Handlers.Mails;

/// <summary>Somebody outside who sends mails. Asked again with the same key, it sends nothing again.</summary>
public interface IMailService
{
    Task SendWelcomeAsync(string user, Guid idempotencyKey, CancellationToken cancellationToken);
}
