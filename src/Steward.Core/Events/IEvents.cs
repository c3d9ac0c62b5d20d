using Microsoft.Extensions.DependencyInjection;
using Steward.Storage;

namespace Steward.Events;

/// <summary>Something that happened, told upward: a room that may not be called can still listen. Facts only, small, JSON.</summary>
public interface IEvent
{
    /// <summary>Stable name: <c>tracking.run_ended</c>.</summary>
    static abstract string Name { get; }
}

/// <summary>Publishing goes through an outbox row in the transaction of the deed: the event is told if and only if the deed happened.</summary>
public interface IEvents
{
    Task Publish<T>(Tx tx, T happened) where T : IEvent;
}

/// <summary>Hears an event at least once, in the order it was published per listener; hearing it twice changes nothing.</summary>
public interface IListen<in T> where T : IEvent
{
    Task Hear(T happened, CancellationToken stop);
}

/// <summary>How a room says that it listens.</summary>
public sealed record Listener(string EventName, string Id, Func<IServiceProvider, string, CancellationToken, Task> Hear);

public static class EventRegistration
{
    public static IServiceCollection Listen<TEvent, TListener>(this IServiceCollection services) where TEvent : IEvent where TListener : class, IListen<TEvent>
        => services
            .AddSingleton<TListener>()
            .AddSingleton(new Listener(TEvent.Name, typeof(TListener).FullName!, (all, body, stop) => all.GetRequiredService<TListener>().Hear(Json.Read<TEvent>(body), stop)));
}
