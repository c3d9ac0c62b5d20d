using Microsoft.Extensions.DependencyInjection;
using Steward.Testing;
using Steward.Work;

namespace Steward.Engines.Tests;

/// <summary>Engines as a server has them: read from an <c>engines.yaml</c>.</summary>
internal static class TestEngines
{
    public static IExecutor Named(string name, string yaml) => All(yaml).Get(name);

    public static IExecutors All(string yaml)
    {
        var settings = new Settings { Data = TestFolder.New() };
        File.WriteAllText(Path.Combine(settings.Data, "engines.yaml"), yaml);
        var services = new ServiceCollection().AddLogging().AddSingleton(settings).AddWork();
        new EnginesRoom().Furnish(services);
        return services.BuildServiceProvider().GetRequiredService<IExecutors>();
    }
}
