using Microsoft.Extensions.DependencyInjection;

namespace Orchestrator.Hosting.DependencyInjection;

/// <summary>The provider that an application has chosen: one, or whose stores are taken would be a matter of the order of calls.</summary>
/// <param name="Name">What people call it.</param>
internal sealed record ProviderChoice(string Name)
{
    /// <summary>Remembers the choice.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="name">What people call the provider.</param>
    /// <exception cref="InvalidOperationException">Another one has been chosen before.</exception>
    public static void Record(IServiceCollection services, string name)
    {
        if (services.FirstOrDefault(descriptor => descriptor.ServiceType == typeof(ProviderChoice))?.ImplementationInstance is not ProviderChoice known)
        {
            services.AddSingleton(new ProviderChoice(name));
        }
        else if (known.Name != name)
        {
            throw new InvalidOperationException(
                $"This application has two providers: {known.Name}, and now {name}. Call UsePostgreSql(...) (or AddPostgreSqlEventStore(...)) or UseInMemory(), by the environment if need be, and only one of them.");
        }
    }
}
