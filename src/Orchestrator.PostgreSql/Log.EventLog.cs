using Microsoft.Extensions.Logging;
using Orchestrator.PostgreSql.EventLog;

namespace Orchestrator.PostgreSql;

// The event log: 4000 to 4999.
internal static partial class Log
{
    public static void HorizonHeld(this ILogger logger, HorizonHolder holder, int others, long horizon, long lastValue, TimeSpan heldFor)
    {
        if (logger.IsEnabled(LogLevel.Warning))
        {
            HorizonHeld(logger, horizon, lastValue, heldFor, holder.Pid, holder.PreparedTransaction, holder.ApplicationName, holder.UserName, holder.Age, holder.State, holder.LastStatement, others);
        }
    }

    [LoggerMessage(4000, LogLevel.Warning,
        "An open append holds projections back at position {Horizon} of {LastValue} for {HeldFor}. It never costs an event, but nothing behind it is applied until it ends. "
        + "Holder: pid {Pid}, prepared transaction {PreparedTransaction}, application {ApplicationName}, user {UserName}, open for {Age}, {State}, last statement: {LastStatement} ({Others} others)")]
    private static partial void HorizonHeld(
        ILogger logger, long horizon, long lastValue, TimeSpan heldFor, int? pid, string? preparedTransaction, string? applicationName, string? userName, TimeSpan? age, string? state, string? lastStatement, int others);

    [LoggerMessage(4001, LogLevel.Warning, "The session that listens for appends was lost; projections poll until it is back. Next attempt in {Delay}")]
    public static partial void ListenerLost(this ILogger logger, TimeSpan delay, Exception exception);

    [LoggerMessage(4002, LogLevel.Debug, "A notification of appends was not sent; readers notice at their next poll")]
    public static partial void NotificationLost(this ILogger logger, Exception exception);
}
