using Microsoft.Extensions.DependencyInjection;
using Steward.Audit;
using Steward.Blobs;
using Steward.Data;
using Steward.Events;
using Steward.Identity;
using Steward.Models;
using Steward.Monitoring;
using Steward.Outside;
using Steward.Projects;
using Steward.Serving;
using Steward.Storage;
using Steward.Testing;
using Steward.Tracking;
using Steward.Work;

namespace Steward.Labeling.Tests;

/// <summary>The room over real records, blobs and data sets; the clock stands still until it is moved.</summary>
public sealed class Desk : IAsyncDisposable
{
    private readonly ServiceProvider _all;

    public Desk(Db db)
    {
        var settings = new Settings { Data = TestFolder.New() };
        _all = new ServiceCollection()
            .AddStorage(settings)
            .AddSingleton(settings)
            .AddSingleton(db)
            .AddSingleton<TimeProvider>(Clock)
            .AddSingleton<IEvents>(Ear)
            .AddSingleton<IAudit>(Ear)
            .AddLogging()
            .AddWork()
            .AddOutside(settings)
            .AddProjects([.. new DataRoom().Sections, StorySection.Section])
            .Also(services => new DataRoom().Furnish(services))
            .Also(services => new TrackingRoom().Furnish(services))
            .Also(services => new ModelsRoom().Furnish(services))
            .Also(services => new ServingRoom().Furnish(services))
            .Also(services => new MonitoringRoom().Furnish(services))
            .Also(services => new LabelingRoom().Furnish(services))
            .BuildServiceProvider();
    }

    public FakeClock Clock { get; } = new();

    public Ear Ear { get; } = new();

    public IQueues Queues => Get<IQueues>();

    public IDataSets Sets => Get<IDataSets>();

    public string Project { get; } = "p" + Names.NewId();

    public T Get<T>() where T : notnull => _all.GetRequiredService<T>();

    public Who Person(string name) => new(name, name, new Dictionary<string, IReadOnlySet<Role>> { [Project] = new HashSet<Role> { Role.Editor } });

    /// <summary>A data set of apples, pears and plums, and a wish for names of so many pictures.</summary>
    public async Task<LabelQueue> Ask(int pictures, string data = "")
    {
        await Get<IProjects>().Put($"steward: 1\nproject: {Project}\n{data}\n", Who.Steward);
        var items = new List<Item>();
        foreach (var label in (string[])["apple", "pear", "plum"])
            for (var i = 0; i < 3; i++)
                items.Add(new($"{label}/{i}", await Blob($"{label}{i}"), label, (Split)i, "import"));
        await Sets.Add(Who.Steward, Project, "pictures", new(Reason.Import, items));
        await Get<Hearing>().Hear(await Wish(pictures), default);
        return (await Queues.All(Project))[0];
    }

    public async Task<LabelsWanted> Wish(int pictures, string which = "new")
    {
        var wanted = new List<WantedLabel>();
        for (var i = 0; i < pictures; i++)
            wanted.Add(new($"prediction{i}", await Blob($"{which}{i}"), "pear", 0.4));
        return new(Project, 7, "fruit", "fruit", 2, "pictures@1", wanted);
    }

    public async Task<Digest> Blob(string text) => (await Get<IBlobs>().Put(System.Text.Encoding.UTF8.GetBytes(text))).Digest;

    public async Task<int> Next(string person, int queue = 1) => (await Queues.Next(Person(person), Project, queue)).Items is [var first, ..] ? first.Number : 0;

    public Task<LabelQueue> Answer(string person, int item, string label = "plum", int queue = 1) => Queues.Answer(Person(person), Project, queue, item, label);

    public ValueTask DisposeAsync() => _all.DisposeAsync();
}
