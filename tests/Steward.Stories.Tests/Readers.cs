using Microsoft.Extensions.DependencyInjection;
using Steward.Audit;
using Steward.Events;
using Steward.Identity;
using Steward.Projects;
using Steward.Storage;
using Steward.Testing;

namespace Steward.Stories.Tests;

/// <summary>Stories on record and people who read them, over a real store; the clock stands still until it is moved.</summary>
public sealed class Readers : IAsyncDisposable
{
    private readonly ServiceProvider _all;

    public Readers(Db db)
    {
        var settings = new Settings { Data = TestFolder.New() };
        _all = new ServiceCollection()
            .AddStorage(settings)
            .AddSingleton(settings)
            .AddSingleton(db)
            .AddSingleton<TimeProvider>(Clock)
            .AddSingleton<IEvents>(Told)
            .AddSingleton<IAudit>(Told)
            .AddLogging()
            .AddProjects(Steward.Host.Platform.Sections)
            .AddSingleton(Records.Kinds)
            .AddSingleton<StoryStore>()
            .AddSingleton<IStories, Stories>()
            .AddSingleton<StoryReader>()
            .AddQuizzes()
            .BuildServiceProvider();
    }

    public FakeClock Clock { get; } = new();

    public Ear Told { get; } = new();

    public string Project { get; } = "p" + Names.NewId();

    public IQuizzes Quizzes => _all.GetRequiredService<IQuizzes>();

    internal Ratings Ratings => _all.GetRequiredService<Ratings>();

    internal QuizStore Store => _all.GetRequiredService<QuizStore>();

    public Steward.Models.IInformed Informed => _all.GetRequiredService<Steward.Models.IInformed>();

    internal StoryGate Gate => (StoryGate)_all.GetRequiredService<Steward.Models.IGate>();

    public Who Owner => Person("olga", Role.Editor);

    public Who Person(string name, params Role[] roles) => new(name, name, new Dictionary<string, IReadOnlySet<Role>> { [Project] = roles.Length == 0 ? new HashSet<Role> { Role.Reader } : roles.ToHashSet() });

    public Task File(string more = "owners: {story: olga}") => _all.GetRequiredService<IProjects>().Put($"steward: 1\nproject: {Project}\n{more}\n", Owner);

    /// <summary>Puts an edition on record.</summary>
    public async Task<Edition> Tell(FactBook book, int number = 1, bool published = true)
    {
        var edition = new Edition(Project, book.Kind, book.Subject, number, number, book, "olga", Clock.GetUtcNow(), [], published ? "olga" : null, published ? Clock.GetUtcNow() : null);
        await _all.GetRequiredService<Db>().Write(tx => StoryStore.Add(tx, edition));
        return edition;
    }

    /// <summary>Takes a whole sheet, a second for each item.</summary>
    /// <param name="wrong">How many items are answered wrongly: first those that need not be known.</param>
    public async Task<QuizTry> Take(Who who, FactBook book, int wrong = 0, string level = "child")
    {
        var sheet = await Quizzes.Start(who, Project, book.Kind, book.Subject, level, "en");
        var missed = sheet.Items.OrderBy(item => item.MustKnow).Take(wrong).Select(item => item.Id).ToHashSet();
        foreach (var item in sheet.Items)
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            sheet = await Quizzes.Answer(who, Project, book.Kind, book.Subject, item.Id, Letter(item, !missed.Contains(item.Id)), null);
        }

        return sheet;
    }

    public static string Letter(QuizItem item, bool right) => $"{(char)('a' + item.Options.ToList().FindIndex(option => option.Right == right))}";

    public ValueTask DisposeAsync() => _all.DisposeAsync();
}
