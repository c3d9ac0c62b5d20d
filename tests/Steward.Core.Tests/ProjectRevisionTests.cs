using Steward.Identity;
using Steward.Projects;
using Steward.Storage;
using Steward.Testing;

namespace Steward.Core.Tests;

/// <summary>A project's file keeps every revision, and two who change it at once do not overwrite each other.</summary>
public abstract class ProjectRevisionTests(Db db)
{
    private static readonly Who Ana = new("ana", "ana", new Dictionary<string, IReadOnlySet<Role>> { ["*"] = new HashSet<Role> { Role.Editor } });

    private readonly Projects.Projects _projects = new(db, new ProjectFileReader([]), new Ear(), new Ear(), TimeProvider.System);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_revision_is_kept_and_can_be_brought_back()
    {
        await _projects.Put(File("one"), Ana, Stop);
        await _projects.Put(File("two"), Ana, Stop);
        Assert.Equal([2, 1], (await _projects.Revisions("fruit", stop: Stop)).Select(one => one.Revision));
        var back = await _projects.Change((await _projects.Text("fruit", 1, Stop))!, 2, Ana, Stop);
        Assert.Equal((3, "one"), (back.Revision, back.Title));
        Assert.Null(await _projects.Text("fruit", 9, Stop));
    }

    [Fact]
    public async Task Of_two_who_change_the_same_revision_the_second_is_told_and_nothing_is_lost()
    {
        await _projects.Put(File("one"), Ana, Stop);
        var both = await Task.WhenAll(Enumerable.Range(0, 2).Select(i => Task.Run(async () =>
        {
            try
            {
                await _projects.Change(File($"by {i}"), 1, Ana, Stop);
                return "kept";
            }
            catch (ProblemException refused)
            {
                return refused.Code;
            }
        })));
        Assert.Equal(["kept", "project_changed_meanwhile"], both.Order());
        Assert.Equal(2, (await _projects.Get("fruit", Stop)).Revision);
    }

    private static string File(string title) => $"steward: 1\nproject: fruit\ntitle: {title}\n";
}

public sealed class ProjectRevisionsOnSqliteTests() : ProjectRevisionTests(Databases.Sqlite());

public sealed class ProjectRevisionsOnPostgresTests() : ProjectRevisionTests(Databases.Postgres());
