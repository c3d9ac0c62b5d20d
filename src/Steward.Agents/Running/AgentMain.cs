using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Steward.Work;

namespace Steward.Agents.Running;

/// <summary><c>steward agent run</c>: no database, no listener, no pages; the process engine and one line out.</summary>
internal static class AgentMain
{
    public static async Task<int> Run(AgentSettings settings, CancellationToken stop)
    {
        settings = settings.Checked();
        var voice = new AgentVoice(Console.Out, TimeProvider.System);
        using var link = new AgentLink(settings);
        var agent = await Begin(link, settings, voice, stop);
        await using var services = new ServiceCollection().AddLogging(log => log.SetMinimumLevel(LogLevel.Warning)).AddSingleton(new Settings { Data = settings.Data }).AddProcesses().BuildServiceProvider();
        var engine = await services.StartProcesses(stop);
        voice.Say($"Agent {agent.Name} of labels {string.Join(", ", agent.Labels)} takes up to {settings.AtOnce} tasks at a time.");
        var again = new Persistence(voice);
        using var luggage = new TaskLuggage(link, settings, again);
        luggage.Clear();
        await new AgentLoop(link, settings, engine, luggage, again, voice).Run(stop);
        return 0;
    }

    /// <summary>A server that is not up yet is waited for; a token that is wrong is said at once.</summary>
    private static async Task<Agent> Begin(AgentLink link, AgentSettings settings, AgentVoice voice, CancellationToken stop)
    {
        while (true)
            try
            {
                var agent = await link.Begin(settings.AtOnce, stop);
                voice.Reached();
                return agent;
            }
            catch (HttpRequestException error)
            {
                voice.Lost(error.Message);
                await Task.Delay(TimeSpan.FromSeconds(2), stop);
            }
    }
}
