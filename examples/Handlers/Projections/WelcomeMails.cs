using Handlers.Mails;
using Orchestrator.Events;
using Orchestrator.Projections;

namespace Handlers.Projections;

[Projection("welcome-mails", EventTypes = ["user-created"])]
public sealed class WelcomeMails(IMailService mails) : IEffectHandler
{
    public async ValueTask HandleAsync(PersistedEvent e, EffectContext context, CancellationToken cancellationToken) =>
        await mails.SendWelcomeAsync(e.AggregateId, idempotencyKey: context.IdempotencyKey, cancellationToken);
}
