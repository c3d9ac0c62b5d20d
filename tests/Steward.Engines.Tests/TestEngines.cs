using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Steward.Outside;
using Steward.Testing;
using Steward.Work;

namespace Steward.Engines.Tests;

/// <summary>Engines as a server has them: read from an <c>engines.yaml</c>.</summary>
internal static class TestEngines
{
    public static IExecutor Named(string name, string yaml) => All(yaml).Get(name);

    /// <param name="data">The server's folder; a new one when there is none yet.</param>
    public static IExecutors All(string yaml, string? data = null)
    {
        var settings = new Settings { Data = data ?? TestFolder.New() };
        File.WriteAllText(Path.Combine(settings.Data, "engines.yaml"), yaml);
        var services = new ServiceCollection().AddLogging().AddSingleton(settings).AddWork()
            .AddSingleton(new Secrets(name => name switch { "STEWARD_SECRET_LAKE" => Doubles.DoubleWorkspace.Token, "STEWARD_SECRET_WORN" => "dapi-worn-out", _ => null })).AddSingleton(new Reach(new() { Networks = [IPNetwork.Parse("127.0.0.0/8")] }));
        new EnginesRoom().Furnish(services);
        return services.BuildServiceProvider().GetRequiredService<IExecutors>();
    }
}
