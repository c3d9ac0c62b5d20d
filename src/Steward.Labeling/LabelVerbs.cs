using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Steward.Cli;
using Steward.Labeling.Heaps;
using Steward.Work;

namespace Steward.Labeling;

internal static class LabelVerbs
{
    public static IEnumerable<Command> All(Server server) => [Label(server), Labels(server)];

    private static Command Label(Server server)
    {
        var number = new Argument<int?>("queue") { Description = "As labels queue shows it; the newest open one when none is named.", Arity = ArgumentArity.ZeroOrOne };
        var label = new Command("label", "Print the page where pictures wait for a name.") { number };
        label.SetAction(async (line, stop) =>
        {
            var all = await server.Get<List<LabelQueue>>(Path(server), stop);
            var queue = line.GetValue(number) is { } named
                ? all.Find(one => one.Number == named) ?? throw Queues.NotFound(named)
                : all.Find(one => one.State is QueueState.Open) ?? throw ProblemException.NotFound("label queue", "open", "Nothing waits for a name: an incident asks for labels when the project file says so.");
            var page = await Page(server, queue.Project, queue.Number, stop);
            var how = queue.State is QueueState.Open ? $"{Say.Count(queue.Waiting, "picture")} to name" : $"Queue {queue.Number} is closed, its answers are in {queue.DataSet}@{queue.Snapshot}";
            Show.Done(line, $"{how}: {page}", new { queue.Number, queue.Waiting, page });
        });
        return label;
    }

    private static Command Labels(Server server)
    {
        var limit = new Option<int>("--limit") { Description = "How many, the newest first.", DefaultValueFactory = _ => 100 };
        var queue = new Command("queue", "List the queues of pictures that people name.") { limit };
        queue.SetAction(async (line, stop) => Show.List(line, await server.Get<List<LabelQueue>>($"{Path(server)}?limit={line.GetValue(limit)}", stop), "No queue: an incident asks for labels when the project file says so.",
            ("queue", one => one.Number.ToString(CultureInfo.InvariantCulture)), ("", one => one.State.ToString().ToLowerInvariant()), ("answered", one => $"{one.Answered} of {one.Items}"),
            ("why", one => one.Why), ("into", one => one.Snapshot is { } version ? $"{one.DataSet}@{version}" : one.DataSet), ("trouble", one => one.Trouble ?? "")));
        return new("labels", "Look at what people are asked to name.") { queue, Start(server) };
    }

    private static Command Start(Server server)
    {
        var dataSet = new Argument<string>("data-set") { Description = "Whose unnamed pictures are asked about." };
        var count = new Option<int>("--count") { Description = "How many, at most 200.", DefaultValueFactory = _ => 50 };
        var names = new Option<string?>("--names") { Description = "Names to choose from, with commas between: apple,pear. Those that the data set has are offered anyway." };
        var start = new Command("start", "Make a queue of the pictures without a name that teach most: those the model doubts, or typical ones where there is none yet.") { dataSet, count, names };
        start.SetAction(async (line, stop) =>
        {
            var body = new { dataSet = line.GetRequiredValue(dataSet), count = line.GetValue(count), names = line.GetValue(names)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) };
            var task = await server.Post<TaskView>(Path(server) + "/start", body, stop);
            if (await WorkVerbs.Watch(line, server, server.Project(), task.Id, stop) is not 0 and var failed)
                return failed;
            var made = (await server.Get<TaskView>($"/api/projects/{Server.Segment(server.Project())}/tasks/{task.Id}", stop)).Result!.Value.Deserialize<NamesAsked>(Json.Options)!;
            if (!line.GetValue(Show.AsJson))
                Console.WriteLine($"{Say.Count(made.Pictures, "picture")} to name, {(made.Model is { } model ? $"those that {model} doubts most" : $"the most typical ones, because {made.Why}")}: {await Page(server, server.Project(), made.Queue, stop)}");
            return 0;
        });
        return start;
    }

    private static async Task<string> Page(Server server, string project, int queue, CancellationToken stop)
        => new Uri((await server.Http(stop)).BaseAddress!, $"/projects/{Server.Segment(project)}/labels/{queue}").ToString();

    private static string Path(Server server) => $"/api/projects/{Server.Segment(server.Project())}/labels";
}
