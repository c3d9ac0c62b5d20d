using System.CommandLine;
using Steward.Cli;

namespace Steward.Host.Verbs;

internal static class DownVerb
{
    public static Command Tree()
    {
        var down = new Command("down", "Stop the server that runs on the data folder.");
        down.SetAction(async (line, stop) =>
        {
            var data = SettingsFrom.Line(line).Data;
            if (Running.On(data) is not { } running)
                throw ProblemException.NotFound("running server", data, "steward status shows what runs here.");
            Running.AskToStop(data);
            using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
            while (Running.On(data) is not null)
                await tick.WaitForNextTickAsync(stop);
            Show.Done(line, $"The server at {running.Url} has stopped.", new { stopped = running.Url });
        });
        return down;
    }
}
