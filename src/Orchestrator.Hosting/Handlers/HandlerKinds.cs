using Orchestrator.Projections;

namespace Orchestrator.Hosting.Handlers;

/// <summary>The ways in which a class can take events; a projection takes them in one.</summary>
internal static class HandlerKinds
{
    private static readonly Type[] s_kinds = [typeof(IProjection), typeof(IBatchProjection), typeof(IHandle<>), typeof(IEffectHandler)];

    /// <summary>Refuses a class that is no projection, or more than one kind of it: it would be left to chance which of its methods is called.</summary>
    /// <exception cref="ArgumentException">It is.</exception>
    public static void ThrowUnlessOne(Type type)
    {
        Type[] kinds = [.. s_kinds.Where(kind => Array.Exists(type.GetInterfaces(), candidate => candidate == kind || IsClosed(candidate, kind)))];
        if (kinds.Length == 0)
        {
            throw new ArgumentException($"{type} is no projection: implement one of {Names(s_kinds)}.");
        }

        if (kinds.Length > 1)
        {
            throw new ArgumentException($"{type} implements {Names(kinds)}: which of them is to get the events? Implement one.");
        }
    }

    /// <summary>Whether an interface is a generic one with its arguments filled in.</summary>
    public static bool IsClosed(Type candidate, Type generic) => candidate.IsGenericType && candidate.GetGenericTypeDefinition() == generic;

    private static string Names(IEnumerable<Type> kinds) => string.Join(", ", kinds.Select(kind => kind == typeof(IHandle<>) ? "IHandle<TEvent>" : kind.Name));
}
