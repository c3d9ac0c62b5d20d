using System.CommandLine;
using System.Globalization;
using Steward.Cli;
using Steward.Data;
using Steward.Work;

namespace Steward.Labeling.Heaps;

/// <summary><c>steward heaps</c>: pictures without names, sorted for people to name.</summary>
internal static class HeapVerbs
{
    public static Command Tree(Server server) => new("heaps", "Sort pictures without names into heaps, and name the heaps.") { Make(server), List(server), Print(server) };

    private static Command Make(Server server)
    {
        var dataSet = new Argument<string>("data-set") { Description = "Whose unnamed pictures are sorted." };
        var count = new Option<int?>("--count") { Description = $"At most so many heaps, 2 to {HeapOrder.MostHeaps}; more than there are kinds. By default more of them for more pictures." };
        var folder = new Option<string?>("--folder") { Description = "First add the pictures of this folder, without names; folders in it name nothing." };
        var detach = new Option<bool>("--detach") { Description = "Do not wait for the end." };
        var verb = new Command("make", "Sort the pictures that have no name; Ctrl-C stops waiting, not the sorting.") { dataSet, count, folder, detach };
        verb.SetAction(async (line, stop) =>
        {
            var (project, name) = (server.Project(), line.GetRequiredValue(dataSet));
            if (line.GetValue(folder) is { } from)
                await PictureUpload.Send(server, project, name, PictureFolder.Unnamed(from, stop).Items(null), stop: stop);
            var task = await server.Post<TaskView>(Path(server), new { dataSet = name, count = line.GetValue(count) }, stop);
            if (line.GetValue(detach))
            {
                Show.Done(line, $"Task {task.Id} sorts.", task);
                return 0;
            }

            if (await WorkVerbs.Watch(line, server, project, task.Id, stop) is not 0 and var failed)
                return failed;
            var newest = (await server.Get<List<Sorting>>($"{Path(server)}?limit=1", stop))[0];
            if (!line.GetValue(Show.AsJson))
                Console.WriteLine($"{Say.Count(newest.Pictures, "picture")} to name: {await Page(server, newest.Number, stop)}");
            return 0;
        });
        return verb;
    }

    private static Command List(Server server)
    {
        var limit = new Option<int>("--limit") { Description = "How many, the newest first.", DefaultValueFactory = _ => 100 };
        var verb = new Command("list", "List the sortings of the project.") { limit };
        verb.SetAction(async (line, stop) => Show.List(line, await server.Get<List<Sorting>>($"{Path(server)}?limit={line.GetValue(limit)}", stop), "Nothing was sorted yet: steward heaps make DATA-SET",
            ("sorting", one => one.Number.ToString(CultureInfo.InvariantCulture)), ("", one => one.State.ToString().ToLowerInvariant()), ("pictures", one => $"{one.Pictures:N0}"), ("of", one => $"{one.DataSet}@{one.Version}"),
            ("by", one => one.CreatedBy), ("into", one => one.Snapshot is { } version ? $"{one.DataSet}@{version}" : ""), ("trouble", one => one.Trouble ?? "")));
        return verb;
    }

    private static Command Print(Server server)
    {
        var number = new Argument<int>("sorting") { Description = "As heaps list shows it." };
        var verb = new Command("show", "List the heaps of a sorting, and print the page where to name them.") { number };
        verb.SetAction(async (line, stop) =>
        {
            var one = await server.Get<SortingView>($"{Path(server)}/{line.GetRequiredValue(number)}", stop);
            Show.List(line, one.Heaps, "No heap.", ("heap", heap => heap.Number.ToString(CultureInfo.InvariantCulture)), ("name", heap => heap.Name ?? ""), ("pictures", heap => $"{heap.Pictures:N0}"), ("set aside", heap => $"{heap.Aside:N0}"));
            if (!line.GetValue(Show.AsJson))
                Console.WriteLine(await Page(server, one.Sorting.Number, stop));
        });
        return verb;
    }

    private static string Path(Server server) => $"/api/projects/{Server.Segment(server.Project())}/heaps";

    private static async Task<string> Page(Server server, int number, CancellationToken stop)
        => new Uri((await server.Http(stop)).BaseAddress!, $"/projects/{Server.Segment(server.Project())}/heaps/{number}").ToString();
}
