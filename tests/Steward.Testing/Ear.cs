using Microsoft.Extensions.DependencyInjection;
using Steward.Audit;
using Steward.Events;
using Steward.Identity;
using Steward.Storage;

namespace Steward.Testing;

/// <summary>Hears what a room tells and writes down, for tests of the room alone; only what was committed counts.</summary>
public sealed class Ear : IEvents, IAudit
{
    private readonly Lock _gate = new();
    private readonly List<object> _heard = [];
    private readonly List<(string Action, string Subject)> _audited = [];

    public IReadOnlyList<object> Heard
    {
        get
        {
            lock (_gate)
                return [.. _heard];
        }
    }

    public IReadOnlyList<(string Action, string Subject)> Audited
    {
        get
        {
            lock (_gate)
                return [.. _audited];
        }
    }

    public Task Publish<T>(Tx tx, T happened) where T : IEvent => Later(tx, () => _heard.Add(happened));

    public Task Write(Tx tx, Who who, string action, string? project, string subject, object? detail = null) => Later(tx, () => _audited.Add((action, subject)));

    private Task Later(Tx tx, Action note)
    {
        tx.AfterCommit(() =>
        {
            lock (_gate)
                note();
        });
        return Task.CompletedTask;
    }
}

public static class ServiceExtensions
{
    /// <summary>Furnishes a room in a chain.</summary>
    public static IServiceCollection Also(this IServiceCollection services, Action<IServiceCollection> furnish)
    {
        furnish(services);
        return services;
    }
}
